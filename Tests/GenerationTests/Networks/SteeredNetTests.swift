import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Nets that the time steers: residual MLP and U-Net")
struct SteeredNetTests {
    static let cases = Result { try TorchCase.family("residual_mlp") + TorchCase.family("unet_1d") }

    @Test("velocity and gradients against PyTorch", arguments: try cases.get())
    func torch(_ expected: TorchCase) throws {
        let steered = try SteeredNet(expected)
        let comparison = try TorchComparison(expected, ["flat", "x", "t"]) { inputs in
            steered.velocity(Parameters(layout: steered.net.layout, flat: inputs[0]), inputs[1], inputs[2])
        }
        // In single precision the features of t, frequencies up to 1000, carry the error of t times 1000.
        #expect(comparison.value < 1e-10 && comparison.gradient < 1e-10 && comparison.single < 2e-2, "\(comparison)")
    }

    @Test("slots have PyTorch's order and shapes", arguments: try cases.get())
    func slots(_ expected: TorchCase) throws {
        guard case .list(let slots) = try expected.option("slots") else {
            throw FixtureProblem(description: "no slots")
        }
        let shapes = slots.map { option -> [Int] in
            if case .fields(let fields) = option { fields["shape"]?.ints ?? [] } else { [] }
        }
        #expect(try SteeredNet(expected).net.layout.slots.map(\.shape) == shapes)
    }

    @Test("at the start the velocity is zero; weights depend on the seed alone", arguments: SteeredNet.samples())
    func start(_ steered: SteeredNet) {
        let (net, dimension) = (steered.net, steered.net.dimension)
        let flat = net.initialParameters(seed: 3)
        var stream = RandomStream(seed: 1, purpose: "inputs")
        let x = stream.normal([4, dimension]), t = stream.uniform([4, 1])
        let velocity = steered.velocity(Parameters(layout: net.layout, flat: flat), x, t)
        #expect(velocity.shape == [4, dimension] && velocity.floats.allSatisfy { $0 == 0 })
        #expect(net.initialParameters(seed: 3).bits == flat.bits && net.initialParameters(seed: 4).bits != flat.bits)
        let parameters = Parameters(layout: net.layout, flat: flat)
        for slot in net.layout.slots where slot.role == .weight {
            let isStill = ["modulation", "head", "conv2"].contains { slot.name.contains($0) }
            #expect(parameters[slot].floats.allSatisfy { $0 == 0 } == isStill, "\(slot.name)")
        }
    }

    @Test("time and every place of x matter", arguments: SteeredNet.samples())
    func sensitivity(_ steered: SteeredNet) {
        let dimension = steered.net.dimension
        let x = normalDoubles([1, dimension]), t = Tensor([0.4], shape: [1, 1])
        let base = steered.velocity(steered.weights, x, t)
        #expect(relativeDifference(steered.velocity(steered.weights, x, t + 0.01), base) > 1e-3)
        for place in 0..<dimension where dimension > 1 {
            let moved = Tensor.oneHot([Int32(place)], classes: dimension, precision: .double)
            #expect(relativeDifference(steered.velocity(steered.weights, x + moved, t), base) > 1e-3)
        }
    }

    @Test("a row's velocity does not depend on its neighbours", arguments: SteeredNet.samples())
    func rows(_ steered: SteeredNet) {
        let x = normalDoubles([5, steered.net.dimension]), t = normalDoubles([5, 1], seed: 2).sigmoid()
        let all = steered.velocity(steered.weights, x, t)
        for row in 0..<5 {
            let own = row..<(row + 1)
            let one = steered.velocity(steered.weights, x.sliced(axis: 0, own), t.sliced(axis: 0, own))
            #expect(relativeDifference(one, all.sliced(axis: 0, own)) < 1e-12)
        }
    }

    @Test("dropout acts in training, the same for the same stream", arguments: SteeredNet.samples(dropout: 0.5))
    func dropout(_ steered: SteeredNet) {
        let weights = Parameters(layout: steered.net.layout, flat: steered.weights.flat.converted(to: .single))
        var stream = RandomStream(seed: 1, purpose: "inputs")
        let x = stream.normal([6, steered.net.dimension]), t = stream.uniform([6, 1])
        var training = ForwardPass.training(streams: [RandomStream(seed: 2, purpose: "dropout")])
        var again = training
        let first = steered.net(weights, VelocityInput(x, t), &training)
        #expect(steered.net(weights, VelocityInput(x, t), &again).bits == first.bits)
        #expect(steered.net(weights, VelocityInput(x, t), &training).bits != first.bits)
        #expect(steered.velocity(weights, x, t).bits != first.bits)
    }

    @Test("the same bytes at any number of threads", arguments: SteeredNet.samples())
    func threads(_ steered: SteeredNet) {
        let weights = Parameters(layout: steered.net.layout, flat: steered.weights.flat.converted(to: .single))
        var stream = RandomStream(seed: 1, purpose: "inputs")
        let x = stream.normal([30, steered.net.dimension]), t = stream.uniform([30, 1])
        let bits = ThreadCounts.results { steered.velocity(weights, x, t).bits }
        #expect(bits.allSatisfy { $0 == bits[0] })
    }

    /// x(1) = x(0) + 2 for two points: the velocity is 2 everywhere, and a net that learns at all finds it.
    @Test(
        "a few hundred steps learn a constant velocity",
        arguments: SteeredNet.samples().filter { $0.net.dimension == 6 })
    func learning(_ steered: SteeredNet) {
        let net = steered.net
        var flat = net.initialParameters(seed: 1)
        var optimizer = AdamW(shape: flat.shape, betas: (0.9, 0.95), decay: 0)
        var stream = RandomStream(seed: 5, purpose: "inputs")
        var last = 0.0
        for _ in 0..<150 {
            let x = stream.normal([16, 6]), t = stream.uniform([16, 1])
            let (loss, gradient) = flatGradient(at: flat) { flat in
                (steered.velocity(Parameters(layout: net.layout, flat: flat), x, t) - 2).square().mean()
            }
            optimizer.update(&flat, along: gradient, rate: 1e-2)
            last = loss.scalar
        }
        #expect(last < 0.05, "from 4")
    }

    @Test("time features: cosines and sines of the stated frequencies")
    func features() {
        let t = Tensor([0, 0.25, 1], shape: [3, 1])
        let found = TimeFeatures(width: 4)(t)
        let expected = [0, 0.25, 1].flatMap { t in
            [1000.0, 10].map { cosine(t * $0) } + [1000.0, 10].map { sine(t * $0) }
        }
        #expect(found.shape == [3, 4] && relativeDifference(found.doubles, expected) < 1e-12)
    }

    @Test("configs say what is wrong with them")
    func problems() {
        var residual = ResidualMLP.Config(), unet = UNet1d.Config()
        #expect(residual.problem == nil && unet.problem == nil)
        residual.timeWidth = 7
        #expect(residual.problem?.contains("timeWidth 7") == true)
        unet.channels = [32, 60]
        #expect(unet.problem?.contains("multiples") == true)
        unet.channels = []
        #expect(unet.problem?.contains("levels") == true)
        (unet.channels, unet.kernel) = ([8], 4)
        #expect(unet.problem?.contains("kernel 4") == true)
    }
}

private func cosine(_ x: Double) -> Double { Tensor([x], shape: [1]).cos().doubles[0] }
private func sine(_ x: Double) -> Double { Tensor([x], shape: [1]).sin().doubles[0] }
