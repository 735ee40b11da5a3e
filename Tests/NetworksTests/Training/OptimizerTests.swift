import Tensors
import TestSupport
import Testing

@testable import Networks

@Suite("AdamW, averages and schedules against PyTorch")
struct OptimizerTests {
    /// The parameters after each step, [steps, D].
    private static func trajectory(
        _ expected: TorchCase, _ precision: Precision, rate: (Int) throws -> Double, decayInGradient: Double = 0,
        decay: Double = 0
    ) throws -> Tensor {
        var p = try expected.input("parameters").converted(to: precision)
        let gradients = try expected.input("gradients").converted(to: precision)
        let betas = try expected.option("betas").doubles
        var optimizer = AdamW(
            shape: p.shape, precision: precision, betas: (betas[0], betas[1]),
            epsilon: try expected.option("eps").double,
            decay: decay)
        var rows: [Tensor] = []
        for step in 0..<gradients.shape[0] {
            let gradient = gradients.selected(axis: 0, step) + p * decayInGradient
            optimizer.update(&p, along: gradient, rate: try rate(step))
            rows.append((p + 0).reshaped([1, -1]))
        }
        #expect(optimizer.step == gradients.shape[0])
        return .concatenate(rows, axis: 0)
    }

    @Test("Adam and AdamW", arguments: try TorchCase.family("optimizers", where: { $0.hasPrefix("adam") }))
    func trajectories(_ expected: TorchCase) throws {
        let rate = try expected.option("lr").double
        let decay = expected.options["weight_decay"]?.double ?? 0
        let isCoupled = expected.name.hasSuffix("in the gradient")
        let end = expected.options["eta_min"]?.double
        let schedule = try end.map { CosineSchedule(from: rate, to: $0, steps: try expected.option("steps").int) }
        for (precision, bound) in [(Precision.double, 1e-10), (.single, 1e-6)] {
            let found = try Self.trajectory(
                expected, precision, rate: { schedule?.rate(at: $0) ?? rate }, decayInGradient: isCoupled ? decay : 0,
                decay: isCoupled ? 0 : decay)
            #expect(relativeDifference(found, try expected.output("trajectory")) < bound, "\(precision)")
        }
    }

    @Test(
        "an exponential moving average",
        arguments: try TorchCase.family("optimizers", where: { $0.hasSuffix("moving average") }))
    func average(_ expected: TorchCase) throws {
        var p = try expected.input("parameters")
        let gradients = try expected.input("gradients")
        let rate = try expected.option("lr").double
        var average: Tensor?
        var rows: [Tensor] = []
        for step in 0..<gradients.shape[0] {
            p = p - gradients.selected(axis: 0, step) * rate
            average?.interpolate(toward: p, by: 1 - (try expected.option("ema_decay").double))
            average = average ?? p
            rows.append(try #require(average).reshaped([1, -1]) + 0)
        }
        #expect(relativeDifference(.concatenate(rows, axis: 0), try expected.output("trajectory")) < 1e-10)
    }

    @Test("cosine schedules", arguments: try TorchCase.family("schedules", where: { $0.hasPrefix("cosine") }))
    func cosine(_ expected: TorchCase) throws {
        let schedule = CosineSchedule(
            from: try expected.option("lr").double, to: try expected.option("eta_min").double,
            steps: try expected.option("steps").int)
        let rates = try expected.output("rates").doubles
        let found = rates.indices.map { schedule.rate(at: $0) }
        #expect(relativeDifference(found, rates) < 1e-10)
        #expect(
            schedule.rate(at: schedule.steps) == schedule.end && schedule.rate(at: 10 * schedule.steps) == schedule.end)
    }

    @Test("going on from recorded moments gives the same bytes", arguments: [1, 3])
    func resumption(_ stop: Int) {
        var stream = RandomStream(seed: 1, purpose: "optimizer")
        let start = stream.normal([50])
        let gradients = stream.normal([6, 50])
        func run(_ p: inout Tensor, _ optimizer: inout AdamW, _ steps: Range<Int>) {
            for k in steps { optimizer.update(&p, along: gradients.selected(axis: 0, k), rate: 0.01) }
        }
        var whole = start
        var all = AdamW(shape: [50], decay: 0.1)
        run(&whole, &all, 0..<6)
        var p = start
        var first = AdamW(shape: [50], decay: 0.1)
        run(&p, &first, 0..<stop)
        var second = AdamW(
            step: first.step, firstMoment: first.moments.first, secondMoment: first.moments.second, betas: first.betas,
            decay: 0.1)
        run(&p, &second, stop..<6)
        #expect(p.bits == whole.bits && second.step == 6)
    }

    @Test("the first step moves every weight by the rate against its gradient's sign")
    func firstStep() {
        var p = Tensor.zeros([3])
        var optimizer = AdamW(shape: [3])
        optimizer.update(&p, along: Tensor([2, -1e-3, 50] as [Float], shape: [3]), rate: 0.1)
        #expect(relativeDifference(p.doubles, [-0.1, 0.1, -0.1]) < 1e-4)
    }

    @Test("it finds the minimum of a quadratic")
    func convergence() {
        let target = normalDoubles([20]).converted(to: .single)
        var p = Tensor.zeros([20])
        var optimizer = AdamW(shape: [20])
        let schedule = CosineSchedule(from: 0.1, to: 0, steps: 600)
        for k in 0..<600 {
            let slope = gradient(at: p) { Loss.meanSquaredError($0, target) }.gradient
            optimizer.update(&p, along: slope, rate: schedule.rate(at: k))
        }
        #expect(relativeDifference(p, target) < 1e-3)
    }
}
