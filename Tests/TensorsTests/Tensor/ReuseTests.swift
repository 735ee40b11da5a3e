import Testing
import TestSupport

@testable import Tensors

@Suite("Blocks that nobody else holds are written over")
struct ReuseTests {
    private static func block(_ tensor: Tensor) -> UInt { UInt(bitPattern: tensor.array.storage.base) }

    /// A fresh tensor, and where its elements lie.
    private static func fresh(_ shape: Shape = [5, 7], seed: UInt64 = 1) -> Tensor { normalDoubles(shape, seed: seed) }

    private static let other = fresh(seed: 2), row = fresh([7], seed: 3)
    private static let operations: [(String, @Sendable (consuming Tensor) -> Tensor)] = [
        ("map", { (x: consuming Tensor) in x.exp() }), ("negate", { (x: consuming Tensor) in -x }),
        ("affine", { (x: consuming Tensor) in x.scaled(by: 2) }), ("reversed", { (x: consuming Tensor) in 1 - x }),
        ("left operand", { (x: consuming Tensor) in x + other }),
        ("right operand", { (x: consuming Tensor) in other / x }),
        ("stretched left", { (x: consuming Tensor) in row * x }),
        ("stretched right", { (x: consuming Tensor) in x.maximum(row) }),
        ("chain", { (x: consuming Tensor) in (x.tanh() * other - row).square() * 0.5 }),
        ("chain on the right", { (x: consuming Tensor) in other - (row / x.tanh()).softplus() }),
    ]

    @Test("an operand that is given away becomes the result", arguments: operations.indices)
    func reuse(_ index: Int) {
        let (name, operation) = Self.operations[index]
        let x = Self.fresh()
        let place = Self.block(x)
        #expect(Self.block(operation(consume x)) == place, "\(name)")
    }

    @Test("the values are those of operations that write elsewhere", arguments: [Precision.single, .double])
    func values(_ precision: Precision) {
        for shape in [[5, 7], [1], [], [0, 7], [300, 301], [1, 7, 1]] as [Shape] {
            let x = Self.fresh(shape).converted(to: precision), y = Self.fresh(shape, seed: 2).converted(to: precision)
            let given = { (x: Tensor) in Tensor(x.backend.copy(x.array)) }
            #expect(given(x).exp().bits == x.exp().bits)
            #expect(given(x).scaled(by: 3, plus: 1).bits == x.scaled(by: 3, plus: 1).bits)
            #expect((given(x) - y).bits == (x - y).bits && (x - given(y)).bits == (x - y).bits)
            #expect((given(x) / given(y)).bits == (x / y).bits)
            let row = shape.isEmpty ? y : y.sliced(axis: 0, 0..<min(1, shape[0]))
            #expect((given(x) * row).bits == (x * row).bits && (row - given(x)).bits == (row - x).bits)
        }
    }

    @Test("whoever else holds the elements sees none of it")
    func holders() {
        let x = Self.fresh(), numbers = x.doubles
        let copy = x, view = x.sliced(axis: 0, 1..<3), transposed = x.transposed(), flat = x.reshaped([-1])
        func use(_ t: consuming Tensor) -> Tensor { (t.exp() * 2 - 1).square() }
        for held in [x, copy, flat] { _ = use(held) }
        _ = use(view)
        _ = use(transposed)
        _ = x + x
        _ = x * x.exp()
        let list = [x, x]
        _ = list.map { use($0) }
        let closure = { x.tanh() }
        _ = (closure() + x, closure() * x)
        #expect(x.doubles == numbers && copy.doubles == numbers && flat.doubles == numbers)
        #expect(view.doubles == Array(numbers[7..<21]) && transposed.transposed().doubles == numbers)
    }

    @Test("a view, a part or a stretched block is not written over")
    func views() {
        let makes: [(Tensor) -> Tensor] = [
            { $0.transposed() }, { $0.sliced(axis: 0, 0..<3) }, { $0.sliced(axis: 0, 2..<5) },
            { $0.sliced(axis: 0, 0..<1).broadcast(to: [5, 7]) },
        ]
        for make in makes {
            let view = make(Self.fresh())
            let before = Self.block(view)
            #expect(Self.block((consume view).exp()) != before)
            let copied = make(Self.fresh())
            let expected = Tensor(copied.backend.copy(copied.array)).exp()
            #expect(make(Self.fresh()).exp().doubles == expected.doubles)
        }
    }

    @Test("a history keeps its operands as they were")
    func history() {
        let x = Self.fresh()
        var inner: [Tensor] = []
        let (_, pull) = pullback(at: x) { x in
            inner = [x.tanh(), x.tanh() * x, (x.tanh() * x).scaled(by: 2)]
            return inner[2].exp() + inner[1] * inner[0]
        }
        let before = inner.map(\.doubles)
        let u = Self.fresh(seed: 4), numbers = u.doubles
        let first = pull(u), second = pull(u)
        #expect(inner.map(\.doubles) == before && u.doubles == numbers)
        #expect(first.bits == second.bits, "a pull leaves nothing changed for the next")
    }

    @Test("a cotangent that reaches two inputs is not shared by mistake")
    func sharedCotangents() {
        let x = Self.fresh(), y = Self.fresh(seed: 2), u = Self.fresh(seed: 3)
        let gradients = pullback(at: [x, y]) { [($0[0] + $0[1]) + ($0[0].exp() - $0[1])] }.pull([u])
        #expect(relativeDifference(gradients[0], u + u * x.exp()) < 1e-15)
        #expect(gradients[1].doubles.allSatisfy { $0 == 0 })
    }
}
