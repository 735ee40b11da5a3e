import Testing
import TestSupport

@testable import Tensors

@Suite("Movement")
struct MovementTests {
    /// Shapes that are plain, have extents of one, are empty, or are large enough to be worked on in pieces.
    static let shapes: [[Int]] = [
        [6], [2, 3], [3, 1, 4], [0, 3], [2, 0, 3], [2, 3, 4, 5], [130, 700], [2, 300, 257],
    ]

    @Test("a permutation and its inverse give the same bytes", arguments: shapes, [Precision.single, .double])
    func permutation(_ extents: [Int], _ precision: Precision) {
        let x = normalDoubles(Shape(extents)).converted(to: precision)
        for order in [Array(x.shape.indices.reversed()), Array(x.shape.indices.dropFirst()) + [0]] {
            let moved = x.permuted(order)
            let inverse = order.indices.map { axis in order.firstIndex(of: axis) ?? -1 }
            #expect(moved.permuted(inverse).bits == x.bits)
            let copied = Tensor(moved.array.isContiguous ? moved.array : moved.backend.copy(moved.array))
            #expect(copied.shape == moved.shape && copied.permuted(inverse).bits == x.bits, "through a copy")
        }
    }

    @Test("a transposed element is the element it names")
    func transposedElements() {
        let x = normalDoubles([7, 300, 211])
        let y = x.transposed().doubles
        let source = x.doubles
        var isRight = true
        for i in 0..<7 {
            for j in 0..<300 {
                for k in 0..<211 {
                    isRight = isRight && y[(i * 211 + k) * 300 + j] == source[(i * 300 + j) * 211 + k]
                }
            }
        }
        #expect(isRight)
    }

    @Test("slices along any axis, put together again, are the whole", arguments: shapes)
    func slices(_ extents: [Int]) {
        let x = normalDoubles(Shape(extents))
        for axis in extents.indices {
            let cut = extents[axis] / 3
            let parts = [x.sliced(axis: axis, 0..<cut), x.sliced(axis: axis, cut..<extents[axis])]
            #expect(Tensor.concatenate(parts, axis: axis).bits == x.bits)
            let padded = x.padded(axis: axis, before: 2, after: 1)
            #expect(padded.shape[axis] == extents[axis] + 3)
            #expect(padded.sliced(axis: axis, 2..<(2 + extents[axis])).bits == x.bits)
            #expect(abs(padded.sum().scalar - x.sum().scalar) < 1e-9, "zeros around")
        }
    }

    @Test("operations on strided views equal those on copies", arguments: [Precision.single, .double])
    func views(_ precision: Precision) {
        let x = normalDoubles([5, 37, 41]).converted(to: precision)
        let view = x.permuted([2, 0, 1]).sliced(axis: 1, 1..<4).sliced(axis: 2, 3..<20)
        let dense = Tensor(view.backend.copy(view.array))
        #expect(!view.array.isContiguous && dense.array.isContiguous && view.bits == dense.bits)
        #expect(view.exp().bits == dense.exp().bits)
        #expect((view * view.sliced(axis: 0, 3..<4)).bits == (dense * dense.sliced(axis: 0, 3..<4)).bits)
        #expect((view * 2 + 1).bits == (dense * 2 + 1).bits)
        for axes in [[0], [1], [2], [0, 2]] { #expect(view.sum(axes: axes).bits == dense.sum(axes: axes).bits) }
        #expect(view.maxLast().bits == dense.maxLast().bits && view.argmax() == dense.argmax())
        #expect(view.logSoftmax().bits == dense.logSoftmax().bits)
        #expect(view.gathered(axis: 1, [2, 0, 0]).bits == dense.gathered(axis: 1, [2, 0, 0]).bits)
        #expect(view.reshaped([41, -1]).bits == dense.reshaped([41, -1]).bits)
        let weight = normalDoubles([6, 17]).converted(to: precision)
        #expect(
            relativeDifference(matmul(view, weight, transposeB: true), matmul(dense, weight, transposeB: true)) < 1e-6)
    }

    @Test("gathering rows, and adding them back at their places")
    func gathering() {
        let x = normalDoubles([5, 3])
        let order: [Int32] = [4, 2, 0, 1, 3]
        #expect(x.gathered(axis: 0, order).scatteredAdd(axis: 0, order, count: 5).bits == x.bits)
        #expect(x.gathered(axis: 0, []).shape == [0, 3])
        let twice = Tensor.ones([3, 2]).scatteredAdd(axis: 0, [1, 1, 3], count: 4)
        #expect(twice.floats == [0, 0, 2, 2, 0, 0, 1, 1])
        #expect(x.gathered(axis: 1, [2]).reshaped([5]).bits == x.selected(axis: 1, 2).bits)
    }

    @Test("packing what was unpacked gives the flat vector back")
    func packing() {
        let slots = [
            PackedSlot(offset: 0, shape: [2, 3]), PackedSlot(offset: 6, shape: []), PackedSlot(offset: 7, shape: [4]),
        ]
        for shape in [Shape([11]), [5, 11], [2, 3, 11], [0, 11]] {
            let flat = normalDoubles(shape)
            let parts = flat.unpacked(slots)
            #expect(parts.map(\.shape.array) == slots.map { shape.dropLast() + $0.shape.array })
            #expect(Tensor.packed(parts, slots).bits == flat.bits)
        }
        let flats = [
            normalDoubles([11, 2]).transposed(), Tensor.full([3, 11], 2.5),
            normalDoubles([1, 11]).broadcast(to: [4, 11]),
        ]
        for flat in flats { #expect(Tensor.packed(flat.unpacked(slots), slots).bits == flat.bits, "from a view") }
        let part = normalDoubles([2, 11]).unpacked(slots)[2]
        #expect(part.bits == normalDoubles([2, 11]).sliced(axis: 1, 7..<11).bits)
    }

    @Test("reshaping resolves one open extent")
    func reshaping() {
        let x = normalDoubles([4, 6])
        #expect(x.reshaped([3, -1]).shape == [3, 8] && x.reshaped([-1]).shape == [24])
        #expect(x.transposed().reshaped([4, 6]).doubles == x.transposed().doubles, "row-major order of the view")
        #expect(Tensor.ones([0, 4]).reshaped([-1, 4]).shape == [0, 4])
    }
}
