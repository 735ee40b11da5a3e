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
        let clips: [any GradientTransform] =
            (expected.options["clip_norm"].map { [ClipByGlobalNorm($0.double)] } ?? [])
            + (expected.options["clip_value"].map { [ClipByValue($0.double)] } ?? [])
        func chain(_ links: [any GradientTransform], then last: (any Optimizer)? = nil) -> TransformChain {
            TransformChain(clips + links, shape: shape, precision: precision, then: last)
        }
        let decay = number("weight_decay")
        if expected.name.hasPrefix("sgd") {
            let (momentum, dampening) = (number("momentum"), number("dampening"))
            let isNesterov = expected.options["nesterov"]?.isTrue ?? false
            let sgd = SGD(
                shape: shape, precision: precision, momentum: momentum, dampening: dampening, isNesterov: isNesterov,
                decay: decay)
            let memory: [any GradientTransform] =
                momentum == 0 ? [] : [Momentum(momentum, dampening: dampening, isNesterov: isNesterov)]
            let links = chain([AddDecayedWeights(decay)] + memory)
            return clips.isEmpty ? ["SGD": sgd, "links": links] : ["links then SGD": chain([], then: sgd)]
        }
        let list = try expected.option("betas").doubles
        let (betas, epsilon) = ((list[0], list[1]), number("eps"))
        let scale = ScaleByAdam(betas: betas, epsilon: epsilon)
        if expected.name.hasSuffix("in the gradient") {
            let adam = Adam(shape: shape, precision: precision, betas: betas, epsilon: epsilon, decay: decay)
            return ["Adam": adam, "links": chain([AddDecayedWeights(decay), scale])]
        }
        let adamW = AdamW(shape: shape, precision: precision, betas: betas, epsilon: epsilon, decay: decay)
        let links = chain([scale, AddDecayedWeights(decay)])
        if !clips.isEmpty { return ["links": links, "links then AdamW": chain([], then: adamW)] }
        let adam = Adam(shape: shape, precision: precision, betas: betas, epsilon: epsilon)
        return ["AdamW": adamW, "links": links].merging(decay == 0 ? ["Adam": adam] : [:]) { first, _ in first }
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
                        &p, along: gradients.selected(axis: 0, step), rate: schedule.rate(at: step))
                    average?.update(with: p)
                    rows.append((average?.value ?? p).reshaped([1, -1]))
                }
                #expect(optimizer.step == gradients.shape[0])
                let difference = relativeDifference(.concatenate(rows, axis: 0), try expected.output("trajectory"))
                #expect(difference < bound, "\(name), \(precision)")
            }
        }
    }

    @Test("a schedule as a link is a schedule from outside, and both are PyTorch's")
    func scheduledLink() throws {
        let expected = try TorchCase.family("optimizers", where: { $0 == "adamw under a cosine schedule" })[0]
        let schedule = CosineSchedule(from: try expected.option("lr").double, to: 1e-3, steps: 6)
        let links: [any GradientTransform] = [
            ScaleByAdam(betas: (0.9, 0.95)), AddDecayedWeights(0.01), ScaleBySchedule(schedule),
        ]
        var p = try expected.input("parameters")
        var chain = TransformChain(links, shape: p.shape, precision: .double)
        let gradients = try expected.input("gradients")
        for step in 0..<6 { chain.update(&p, along: gradients.selected(axis: 0, step), rate: 1) }
        #expect(relativeDifference(p, try expected.output("trajectory").selected(axis: 0, 5)) < 1e-10)
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
        var none: [Tensor] = []
        let clipped = ClipByGlobalNorm(1).apply(to: g, parameters: g, step: 1, state: &none).doubles
        #expect(relativeDifference(clipped, [0.6, 0.8, 0.3, 0.4]) < 1e-6 && clipped[2...] == [0.3, 0.4])
        let held = ClipByValue(0.35).apply(to: -g, parameters: g, step: 1, state: &none).doubles
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
}
