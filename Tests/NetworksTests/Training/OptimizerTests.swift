import Tensors
import Testing
import TestSupport

@testable import Networks

@Suite("Optimizers against PyTorch")
struct OptimizerTests {
    /// The optimizers that must follow a case's trajectory, by what they are.
    private static func optimizers(_ expected: TorchCase, _ precision: Precision) throws -> [String: any Optimizer] {
        let shape = try expected.input("parameters").shape
        func number(_ name: String) -> Double { expected.options[name]?.double ?? 0 }
        let decay = number("weight_decay")
        if expected.name.hasPrefix("sgd") {
            return [
                "SGD": SGD(
                    shape: shape, precision: precision, momentum: number("momentum"), dampening: number("dampening"),
                    isNesterov: expected.options["nesterov"]?.isTrue ?? false, decay: decay)
            ]
        }
        let list = try expected.option("betas").doubles
        let (betas, epsilon) = ((list[0], list[1]), number("eps"))
        let adam = Adam(shape: shape, precision: precision, betas: betas, epsilon: epsilon, decay: decay)
        if expected.name.hasSuffix("in the gradient") { return ["Adam": adam] }
        let adamW = AdamW(shape: shape, precision: precision, betas: betas, epsilon: epsilon, decay: decay)
        return decay == 0 ? ["AdamW": adamW, "Adam": adam] : ["AdamW": adamW]
    }

    private static func clip(_ expected: TorchCase) -> GradientClip? {
        expected.options["clip_norm"].map { .norm($0.double) }
            ?? expected.options["clip_value"].map { .value($0.double) }
    }

    @Test("trajectories", arguments: try TorchCase.family("optimizers"))
    func trajectories(_ expected: TorchCase) throws {
        let rate = try expected.option("lr").double
        let schedule: any Schedule =
            try expected.options["eta_min"].map {
                CosineSchedule(from: rate, to: $0.double, steps: try expected.option("steps").int)
            } ?? ConstantSchedule(rate)
        for (precision, bound) in [(Precision.double, 1e-10), (.single, 1e-6)] {
            for (name, optimizer) in try Self.optimizers(expected, precision) {
                var optimizer = optimizer
                var average = expected.options["ema_decay"].map { MovingAverage(decay: $0.double) }
                var p = try expected.input("parameters").converted(to: precision)
                let gradients = try expected.input("gradients").converted(to: precision)
                var rows: [Tensor] = []
                for step in 0..<gradients.shape[0] {
                    optimizer.update(
                        &p, along: FlatGradient(gradients.selected(axis: 0, step)), clippedTo: Self.clip(expected),
                        rate: schedule.rate(at: step))
                    average?.update(with: p)
                    rows.append((average?.value ?? p).reshaped([1, -1]))
                }
                #expect(optimizer.step == gradients.shape[0])
                let difference = relativeDifference(.concatenate(rows, axis: 0), try expected.output("trajectory"))
                #expect(difference < bound, "\(name), \(precision)")
            }
        }
    }

    @Test("the first step of Adam moves every weight by the rate against its gradient's sign")
    func firstStep() {
        var p = Tensor.zeros([3])
        var optimizer = AdamW(shape: [3])
        optimizer.update(&p, along: Tensor([2, -1e-3, 50] as [Float], shape: [3]), rate: 0.1)
        #expect(relativeDifference(p.doubles, [-0.1, 0.1, -0.1]) < 1e-4)
    }

    @Test("the norm that is clipped is each network's own; short gradients stay as they are")
    func clipping() {
        let g = Tensor([3, 4, 0.3, 0.4], shape: [2, 2], precision: .double)
        let clipped = GradientClip.norm(1)(g).doubles
        #expect(relativeDifference(clipped, [0.6, 0.8, 0.3, 0.4]) < 1e-6 && clipped[2...] == [0.3, 0.4])
        let held = GradientClip.value(0.35)(-g).doubles
        #expect(held == [-0.35, -0.35, -0.3, -0.35])
    }

    @Test("an average starts at the first parameters, copies nothing it shares, and goes on from a recorded value")
    func average() {
        let (first, second) = (normalDoubles([4]), normalDoubles([4], seed: 2))
        var average = MovingAverage(decay: 0.75)
        #expect(average.value == nil)
        average.update(with: first)
        var other = MovingAverage(decay: 0.75, value: average.value)
        average.update(with: second)
        #expect(other.value?.doubles == first.doubles)
        other.update(with: second)
        #expect(average.value?.doubles == other.value?.doubles)
        #expect(relativeDifference(average.value ?? first, first * 0.75 + second * 0.25) < 1e-15)
    }

    @Test("an average with a warm-up remembers little of the start, and is the plain one later")
    func warmAverage() {
        var average = MovingAverage(decay: 0.9)
        let values = (0..<200).map { Tensor([Double($0)], shape: [1], precision: .double) }
        for (step, value) in values.prefix(2).enumerated() { average.update(with: value, after: step + 1) }
        // After step 2 the decay is 3 / 12.
        #expect(abs((average.value?.scalar ?? 0) - 0.75) < 1e-15)
        for (step, value) in values.enumerated().dropFirst(2) { average.update(with: value, after: step + 1) }
        let before = average.value?.scalar ?? 0
        average.update(with: values[0], after: 201)
        #expect(abs((average.value?.scalar ?? 0) - 0.9 * before) < 1e-12)
    }
}
