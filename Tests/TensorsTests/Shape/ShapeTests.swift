import Testing
import TestSupport

@testable import Tensors

@Suite("Shapes and broadcasting")
struct ShapeTests {
    @Test("extents, strides, equality")
    func basics() {
        let shape: Shape = [2, 3, 4]
        #expect(shape.count == 3 && shape.elementCount == 24 && shape.array == [2, 3, 4])
        #expect(shape.contiguousStrides == [12, 4, 1])
        #expect(Shape([Int]()).elementCount == 1 && Shape([5, 0]).elementCount == 0)
        #expect(shape != [2, 3] && shape != [2, 3, 4, 1] && shape.prefix(rank: 2) == [2, 3])
        #expect(Set([shape, [2, 3, 4], shape.prefix(rank: 2).appending(4)]).count == 1)
        #expect(shape.removing([1]) == [2, 4] && "\(shape)" == "[2, 3, 4]")
        #expect(shape.axis(-1, "test") == 2 && shape.axis(0, "test") == 0)
    }

    @Test(
        "NumPy's rule",
        arguments: [
            ([2, 3], [2, 3], [2, 3]), ([2, 3], [3], [2, 3]), ([2, 1, 3], [4, 1], [2, 4, 3]), ([], [4], [4]),
            ([0, 3], [1, 3], [0, 3]), ([1], [0], [0]), ([5, 1], [1, 6], [5, 6]), ([1, 1, 1], [2], [1, 1, 2]),
        ])
    func rule(_ left: [Int], _ right: [Int], _ expected: [Int]) {
        #expect(Shape.broadcast(Shape(left), Shape(right), "test") == Shape(expected))
        #expect(Shape.broadcast(Shape(right), Shape(left), "test") == Shape(expected), "symmetric")
        let sum = Tensor.ones(Shape(left)) + Tensor.ones(Shape(right))
        #expect(sum.shape == Shape(expected) && sum.floats == Array(repeating: 2, count: sum.count))
    }

    @Test("an element of a broadcast sum is the sum of the elements it names")
    func elements() {
        let a = normalDoubles([2, 1, 3], seed: 1)
        let b = normalDoubles([4, 1], seed: 2)
        let sum = (a + b).doubles
        let (x, y) = (a.doubles, b.doubles)
        for index in 0..<24 {
            let (i, j, k) = (index / 12, index / 3 % 4, index % 3)
            let expected = x[i * 3 + k] + y[j]
            #expect(sum[index] == expected)
        }
    }

    @Test("broadcasting and summing away are each other's transpose: <sum u, x> = <u, broadcast x>")
    func adjoint() {
        for (small, large) in [([3], [2, 3]), ([2, 1, 3], [2, 4, 3]), ([], [2, 2]), ([1, 1], [3, 4])] {
            let x = normalDoubles(Shape(small), seed: 3)
            let u = normalDoubles(Shape(large), seed: 4)
            let left = (u.summed(to: x.shape) * x).sum().scalar
            let right = (u * x.broadcast(to: u.shape)).sum().scalar
            #expect(abs(left - right) < 1e-12)
        }
    }

    @Test("shapes that do not fit end the process")
    func traps() async {
        await #expect(processExitsWith: .failure) { _ = Tensor.ones([2, 3]) + Tensor.ones([2]) }
        await #expect(processExitsWith: .failure) { _ = matmul(.ones([2, 3]), .ones([2, 3])) }
        await #expect(processExitsWith: .failure) { _ = Tensor.ones([2, 3]).reshaped([4]) }
        await #expect(processExitsWith: .failure) { _ = Tensor.ones([2, 3]).sliced(axis: 1, 2..<4) }
        await #expect(processExitsWith: .failure) { _ = Tensor.ones([2]) + Tensor.ones([2], precision: .double) }
        await #expect(processExitsWith: .failure) { _ = Tensor.ones([3]).gathered(axis: 0, [3]) }
    }
}
