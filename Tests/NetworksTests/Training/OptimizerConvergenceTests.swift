import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Every optimizer finds minima")
struct OptimizerConvergenceTests {
    /// Runs to the end and returns the parameters.
    private static func minimum(
        _ kind: OptimizerKind, from start: Tensor, rate: Double, steps: Int, of loss: (Tensor) -> Tensor
    ) -> Tensor {
        var p = start
        var optimizer = kind.make(start.shape, start.precision)
        // The rate falls at the end, so that what only circles the minimum comes to rest.
        let stairs = MultiStepSchedule(rate, milestones: [steps * 8 / 10, steps * 9 / 10])
        let schedule = WarmUpSchedule(steps: kind.warmUp, then: stairs)
        for step in 0..<steps {
            let slope = gradient(at: p) { loss($0).sum() }.gradient
            kind.step(&optimizer, &p, along: slope, rate: schedule.rate(at: step))
        }
        return p
    }

    @Test("a quadratic, curvatures 0.2 to 2", arguments: OptimizerKind.all)
    func quadratic(_ kind: OptimizerKind) {
        let target = normalDoubles([2, 10])
        let curvature = Tensor((0..<10).map { 0.2 + 0.2 * Double($0) }, shape: [10])
        let found = Self.minimum(
            kind, from: .zeros([2, 10], precision: .double), rate: kind.quadratic.rate, steps: kind.quadratic.steps
        ) { (($0 - target).square() * curvature).sum(axes: [-1]) * 0.5 }
        #expect(relativeDifference(found, target) < 1e-3)
    }

    /// (1 - x)^2 + 100 (y - x^2)^2, minimum at (1, 1) at the end of a bent valley.
    @Test("Rosenbrock's valley, from three starts at once", arguments: OptimizerKind.all)
    func rosenbrock(_ kind: OptimizerKind) {
        let starts = Tensor([-1.2, 1, 0, 0, 1.3, 1.5], shape: [3, 2], precision: .double)
        let found = Self.minimum(kind, from: starts, rate: kind.rosenbrock.rate, steps: kind.rosenbrock.steps) { p in
            let (x, y) = (p.selected(axis: 1, 0), p.selected(axis: 1, 1))
            return (1 - x).square() + (y - x.square()).square() * 100
        }
        #expect(relativeDifference(found, .ones([3, 2], precision: .double)) < 1e-2, "\(found)")
    }
}
