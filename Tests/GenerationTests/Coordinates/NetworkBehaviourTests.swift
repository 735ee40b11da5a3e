import Networks
import TestSupport
import Tensors
import Testing

@testable import Basics
@testable import Generation

@Suite("What networks compute")
struct NetworkBehaviourTests {
    private static let linear = MLP(.init(widths: [3, 2], activation: .relu))
    private static let hidden = MLP(.init(widths: [3, 6, 4], activation: .relu))
    private static let inputs = normalDoubles([5, 3], seed: 1).converted(to: .single)

    private static func error(_ behaviour: NetworkBehaviour, variance: Double = 1, rows: Int = 7) -> BehaviourError {
        BehaviourError(behaviour: behaviour, variance: variance, weights: { $0 }, rowCount: rows)
    }

    /// Two classes: centred logits are half the difference, W = (w_1 - w_2) / 2 and its negative.
    @Test("centred logits and their variance, by hand for a linear network")
    func closedForm() {
        let behaviour = NetworkBehaviour(Self.linear, inputs: Tensor([1, 0, 0] as [Float], shape: [1, 3]))
        // Layout: weight [2, 3], bias [2]. On the first unit vector the logits are w_c1 + b_c.
        let weights = Tensor([4, 9, 9, 1, 9, 9, 1, 0, 0, 9, 9, 1, 9, 9, 0, 0] as [Float], shape: [2, 8])
        #expect(behaviour.logits(weights, rows: [0]).floats == [2, -2, -0.5, 0.5])
        // Of two numbers a, b the variance is (a - b)^2 / 4.
        #expect(abs(behaviour.variance(of: weights) - 6.25 / 4) < 1e-6)
    }

    @Test("the mean function has an error of 1")
    func mean() {
        let behaviour = NetworkBehaviour(Self.linear, inputs: Self.inputs.sliced(axis: 0, 0..<1))
        let weights = normalDoubles([9, 8], seed: 2).converted(to: .single)
        // A linear network's mean weights compute the mean function.
        let average = weights.mean(axes: [0], keepingDims: true).broadcast(to: [9, 8])
        let error = Self.error(behaviour, variance: behaviour.variance(of: weights))
        var stream = RandomStream(seed: 1, purpose: "test")
        #expect(abs(error(average, weights, &stream).scalar - 1) < 1e-4)
        #expect(error(weights, weights, &stream).scalar == 0)
    }

    @Test("no order of units counts, other weights do")
    func reordering() {
        let layout = Self.hidden.layout
        var stream = RandomStream(seed: 3, purpose: "test")
        let x = stream.normal([4, layout.count])
        let element = SymmetryElement.random(layout, permutation: { stream.permutation($0) })
        let error = Self.error(NetworkBehaviour(Self.hidden, inputs: Self.inputs))
        #expect(error(element.apply(x, layout), x, &stream).scalar < 1e-10)
        #expect(error(x * 1.5, x, &stream).scalar > 0.01)
    }

    @Test("a constant added to all logits changes nothing")
    func constant() {
        var stream = RandomStream(seed: 4, purpose: "test")
        let x = stream.normal([2, 8])
        let shift = Tensor([0, 0, 0, 0, 0, 0, 5, 5] as [Float], shape: [8])
        let error = Self.error(NetworkBehaviour(Self.linear, inputs: Self.inputs))
        #expect(error(x + shift, x, &stream).scalar < 1e-9)
    }

    @Test("rows are drawn from the stream alone")
    func rows() {
        var stream = RandomStream(seed: 5, purpose: "test"), again = stream
        let error = Self.error(NetworkBehaviour(Self.hidden, inputs: Self.inputs), rows: 2)
        let a = stream.normal([2, Self.hidden.layout.count])
        _ = again.normal([2, Self.hidden.layout.count])
        let first = error(a, a * 2, &stream).scalar
        #expect(error(a, a * 2, &again).scalar == first)
        #expect((0..<5).contains { _ in error(a, a * 2, &stream).scalar != first })
    }
}
