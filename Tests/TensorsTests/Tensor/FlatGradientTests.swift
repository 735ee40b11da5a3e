import Testing
import TestSupport

@testable import Tensors

@Suite("Flat gradients")
struct FlatGradientTests {
    /// A weight [5, 4], its bias [5], a weight [5, 5] and a vector [3] that may go unused.
    private static let slots = [
        PackedSlot(offset: 0, shape: [5, 4]), PackedSlot(offset: 20, shape: [5]),
        PackedSlot(offset: 25, shape: [5, 5]),
        PackedSlot(offset: 50, shape: [3]),
    ]
    private static let length = 53

    typealias Function = @Sendable (_ flat: Tensor) -> Tensor

    private static func layer(_ x: Tensor, _ parts: [Tensor], _ index: Int) -> Tensor {
        linear(x, weight: parts[index], bias: parts[1]).tanh()
    }

    private static let cases: [(name: String, batch: Shape, function: Function)] = {
        let x = normalDoubles([6, 4], seed: 3), own = normalDoubles([2, 6, 4], seed: 4)
        return [
            (
                "one network", [],
                { flat in
                    let parts = flat.unpacked(slots)
                    return layer(layer(x, parts, 0), parts, 2).square().sum()
                }
            ),
            (
                "a population with inputs of its own", [2],
                { flat in
                    let parts = flat.unpacked(slots)
                    return layer(layer(own, parts, 0), parts, 2).square().sum()
                }
            ),
            (
                "a population with shared inputs", [2],
                { flat in
                    let parts = flat.unpacked(slots)
                    return layer(layer(x, parts, 0), parts, 2).square().sum()
                }
            ),
            (
                "one network on inputs with two batch axes", [],
                { flat in
                    layer(own, flat.unpacked(slots), 0).square().sum()
                }
            ),
            (
                "a weight used twice", [],
                { flat in
                    let parts = flat.unpacked(slots)
                    return layer(layer(layer(x, parts, 0), parts, 2), parts, 2).square().sum()
                }
            ),
            (
                "a weight used in a layer and in a penalty", [],
                { flat in
                    let parts = flat.unpacked(slots)
                    return layer(x, parts, 0).sum() + parts[0].square().sum() + parts[3].exp().sum()
                }
            ),
            (
                "the vector used in a layer and by itself", [],
                { flat in
                    layer(x, flat.unpacked(slots), 0).sum() + flat.square().sum()
                }
            ),
            (
                "the vector unpacked twice", [],
                { flat in
                    layer(x, flat.unpacked(slots), 0).sum() + flat.unpacked(slots)[2].square().sum()
                }
            ),
            ("the vector not used", [], { _ in Tensor([1.0], shape: []) }),
        ]
    }()

    @Test("equal the gradient", arguments: cases.map(\.name))
    func formed(_ name: String) throws {
        let (_, batch, function) = try #require(Self.cases.first { $0.name == name })
        let flat = normalDoubles(batch.appending(Self.length)) * 0.3
        let plain = gradient(at: flat, of: function)
        let found = flatGradient(at: flat, of: function)
        #expect(found.value.scalar == plain.value.scalar)
        #expect(found.gradient.formed.shape == flat.shape)
        #expect(relativeDifference(found.gradient.formed, plain.gradient, floor: 1e-9) < 1e-13)
    }

    @Test("leave the products of layers unformed, and only those")
    func unformed() throws {
        let flat = normalDoubles([Self.length])
        func products(_ name: String) throws -> [Int] {
            let function = try #require(Self.cases.first { $0.name == name }).function
            return flatGradient(at: flat, of: function).gradient.parts.enumerated().compactMap { index, part in
                if case .product = part { index } else { nil }
            }
        }
        #expect(try products("one network") == [0, 2])
        #expect(try products("a weight used in a layer and in a penalty") == [])
        #expect(try products("the vector used in a layer and by itself") == [])
    }

    @Test("inside another derivative they have derivatives themselves")
    func nested() {
        let flat = normalDoubles([Self.length]) * 0.3
        let function = Self.cases[0].function
        let v = normalDoubles([Self.length], seed: 8)
        let expected = hessianProduct(at: flat, along: v, of: function)
        let found = pushforward(at: flat, along: v) { flatGradient(at: $0, of: function).gradient.formed }.tangent
        #expect(relativeDifference(found, expected) < 1e-12)
    }

    @Test("AdamW takes the same steps along unformed products", arguments: cases.map(\.name))
    func adamW(_ name: String) throws {
        let (_, batch, function) = try #require(Self.cases.first { $0.name == name })
        let start = normalDoubles(batch.appending(Self.length)) * 0.3
        func steps(_ slope: (Tensor) -> FlatGradient) -> [Double] {
            var (p, m, v) = (start, start * 0, start * 0)
            for step in 1...5 {
                Tensor.stepAdamW(
                    &p, gradient: slope(p), firstMoment: &m, secondMoment: &v, step: step, rate: 1e-2, beta1: 0.9,
                    beta2: 0.999, epsilon: 1e-8, decay: 0.1)
            }
            return p.doubles
        }
        let fused = steps { flatGradient(at: $0, of: function).gradient }
        let plain = steps { FlatGradient(gradient(at: $0, of: function).gradient) }
        #expect(relativeDifference(fused, plain) < 1e-12)
        #expect(relativeDifference(fused, start.doubles) > 0.004)
    }

    @Test(
        "a step on large layers is the same bytes at every number of threads, and close to the plain one",
        arguments: [(8, 70, 3001), (513, 70, 301), (900, 33, 17)])
    func large(_ samples: Int, _ outputs: Int, _ inputs: Int) {
        let weights = outputs * inputs
        let slots = [PackedSlot(offset: 0, shape: [outputs, inputs]), PackedSlot(offset: weights, shape: [outputs])]
        let x = normalDoubles([samples, inputs], seed: 3).converted(to: .single)
        let start = normalDoubles([weights + outputs]).converted(to: .single)
        func step(_ plain: Bool) -> Tensor {
            var (p, m, v) = (start, start * 0, start * 0)
            let function: (Tensor) -> Tensor = { flat in
                let parts = flat.unpacked(slots)
                return linear(x, weight: parts[0], bias: parts[1]).square().mean()
            }
            let slope =
                plain
                ? FlatGradient(gradient(at: p, of: function).gradient) : flatGradient(at: p, of: function).gradient
            Tensor.stepAdamW(
                &p, gradient: slope, firstMoment: &m, secondMoment: &v, step: 1, rate: 1e-2, beta1: 0.9, beta2: 0.999,
                epsilon: 1e-3, decay: 0.1)
            return p
        }
        let fused = step(false)
        #expect(relativeDifference(fused, step(true)) < 1e-5)
        let threads = Threads.count
        defer { Threads.count = threads }
        for count in [1, 2, 4] {
            Threads.count = count
            #expect(step(false).floats == fused.floats)
        }
    }
}
