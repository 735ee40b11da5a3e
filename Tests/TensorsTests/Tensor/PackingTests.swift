import Testing
import TestSupport

@testable import Tensors

@Suite("Slots that share elements or leave gaps")
struct PackingTests {
    private static let tied = [PackedSlot(offset: 0, shape: [2]), PackedSlot(offset: 1, shape: [2])]

    @Test("gradients of shared elements are added up, and elements of no slot have none")
    func overlap() {
        let x = Tensor([1, 2, 3, 4], shape: [4])
        let g = gradient(at: x) { x in
            let s = x.unpacked(Self.tied)
            return (s[0] * Tensor([10, 10], shape: [2])).sum() + s[1].sum()
        }
        #expect(g.gradient.doubles == [10, 11, 1, 0])
        let lone = gradient(at: x) { $0.unpacked(Self.tied)[1].sum() }
        #expect(lone.gradient.doubles == [0, 1, 1, 0])
        let rows = gradient(at: normalDoubles([3, 4])) { $0.unpacked([PackedSlot(offset: 1, shape: [2, 1])])[0].sum() }
        #expect(rows.gradient.doubles == [0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0])
    }

    @Test("parts that lie in one block as the whole would are not copied, others are")
    func joined() {
        let slots = (0..<3).map { PackedSlot(offset: 4 * $0, shape: [2, 2]) }
        let x = normalDoubles([3, 5, 12])
        let parts = x.unpacked(slots)
        let whole = Tensor.packed(parts, slots)
        #expect(whole.array.storage === x.array.storage && whole.doubles == x.doubles)
        let turned = Tensor.packed([parts[1], parts[0], parts[2]], slots)
        #expect(turned.array.storage !== x.array.storage)
        #expect(turned.unpacked(slots)[0].doubles == parts[1].doubles)
        let wider = normalDoubles([3, 5, 13])
        #expect(Tensor.packed(wider.unpacked(slots), slots).shape == [3, 5, 12])
    }

    @Test("fresh arrays share a block where their models fill one side by side")
    func sideBySide() throws {
        let slots = (0..<3).map { PackedSlot(offset: 4 * $0, shape: [2, 2]) }
        let x = normalDoubles([3, 5, 12])
        let heads = x.unpacked(slots).map { $0.permuted([0, 2, 1, 3]).array }
        let made = try #require(StridedArray.uninitialized(sideBySideLike: heads))
        #expect(made.allSatisfy { $0.storage === made[0].storage } && made[0].storage !== x.array.storage)
        #expect(zip(made, heads).allSatisfy { $0.offset == $1.offset && $0.strides == $1.strides })
        #expect(StridedArray.uninitialized(sideBySideLike: [heads[0], heads[0], heads[0]]) == nil, "one part thrice")
        #expect(StridedArray.uninitialized(sideBySideLike: [heads[1], heads[0], heads[2]]) == nil, "in another order")
        #expect(StridedArray.uninitialized(sideBySideLike: Array(heads.dropLast())) == nil, "a gap")
        let halves = x.unpacked([PackedSlot(offset: 0, shape: [6]), PackedSlot(offset: 6, shape: [6])]).map(\.array)
        #expect(StridedArray.uninitialized(sideBySideLike: halves) != nil)
        let apart = [normalDoubles([2, 2]).array, normalDoubles([2, 2]).array]
        #expect(StridedArray.uninitialized(sideBySideLike: apart) == nil, "blocks of their own")
    }

    @Test("derivatives of tied slots nest, and agree in both directions")
    func nested() {
        let (x, v) = (normalDoubles([4]), normalDoubles([4], index: 1))
        let f: (Tensor) -> Tensor = { x in
            let s = x.unpacked(Self.tied)
            return (s[0].square() * s[1]).sum()
        }
        // f = x0^2 x1 + x1^2 x2
        let (a, b, c) = (x.doubles[0], x.doubles[1], x.doubles[2])
        let expected = [2 * a * b, a * a + 2 * b * c, b * b, 0]
        #expect(relativeDifference(gradient(at: x, of: f).gradient.doubles, expected) < 1e-14)
        let along = zip(expected, v.doubles).reduce(0) { $0 + $1.0 * $1.1 }
        #expect(abs(pushforward(at: x, along: v, of: f).tangent.scalar - along) < 1e-13 * max(1, abs(along)))
        let d = v.doubles
        let product = [2 * b * d[0] + 2 * a * d[1], 2 * a * d[0] + 2 * c * d[1] + 2 * b * d[2], 2 * b * d[1], 0]
        #expect(relativeDifference(hessianProduct(at: x, along: v, of: f).doubles, product) < 1e-13)
    }

    @Test("an optimizer's gradient of tied weights is the whole one")
    func flat() {
        let slots = [PackedSlot(offset: 0, shape: [2, 3]), PackedSlot(offset: 0, shape: [3, 2])]
        let x = normalDoubles([6]).converted(to: .single)
        let f: (Tensor) -> Tensor = { flat in
            let s = flat.unpacked(slots), bias = Tensor.zeros([2])
            let hidden = linear(.ones([4, 3]), weight: s[0], bias: bias)
            return linear(hidden, weight: s[1], bias: .zeros([3])).square().sum()
        }
        let whole = gradient(at: x, of: f).gradient
        #expect(relativeDifference(flatGradient(at: x, of: f).gradient.formed, whole) < 1e-6)
    }

    @Test("slots outside the vector, and packing into slots that do not tile, are refused by name")
    func refused() async {
        let outside = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Tensor.ones([4]).unpacked([PackedSlot(offset: 3, shape: [2])])
        }
        #expect(Self.text(outside).contains("unpack: slot [2] at 3 in [4]"))
        let overlapping = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            let slots = [PackedSlot(offset: 0, shape: [2]), PackedSlot(offset: 1, shape: [2])]
            _ = Tensor.packed([.ones([2]), .ones([2])], slots)
        }
        #expect(Self.text(overlapping).contains("pack: slots"))
        let shapes = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = matmul(Tensor.zeros([2, 3]), Tensor.zeros([4, 2]))
        }
        #expect(Self.text(shapes).contains("matmul: [2, 3] and [4, 2]"), "in release builds too")
    }

    private static func text(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }
}
