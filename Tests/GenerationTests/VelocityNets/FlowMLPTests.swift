import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("The velocity net")
struct FlowMLPTests {
    static let cases = Result { try TorchCase.family("velocity_net", where: { !$0.contains("intervals") }) }

    @Test("velocity, loss and gradients against PyTorch", arguments: try cases.get())
    func torch(_ expected: TorchCase) throws {
        let net = try FlowMLP(expected)
        let path = Path(.linear, sigma: try expected.option("sigma").double)
        func velocity(_ inputs: [Tensor]) -> (Tensor, target: Tensor) {
            let point = path.sample(from: inputs[1], to: inputs[2], at: inputs[3], noise: inputs[4])
            return (net(net.parameters(inputs[0]), point.x, point.t), point.velocity)
        }
        let names = ["flat", "x0", "x1", "t", "noise"]
        let found = velocity(try names.map { try expected.input($0) }).0
        #expect(relativeDifference(found, try expected.output("velocity")) < 1e-10)
        let comparison = try TorchComparison(expected, names, output: "loss") { inputs in
            let (found, target) = velocity(inputs)
            return Loss.meanSquaredError(found, target)
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("the slots have PyTorch's order and shapes", arguments: try cases.get())
    func slots(_ expected: TorchCase) throws {
        guard case .list(let slots) = try expected.option("slots") else {
            throw FixtureProblem(description: "no slots")
        }
        let shapes = slots.map { option -> [Int] in
            if case .fields(let fields) = option { fields["shape"]?.ints ?? [] } else { [] }
        }
        #expect(try FlowMLP(expected).layout.slots.map(\.shape) == shapes)
    }

    @Test("at the start the velocity is zero, and only the head is", arguments: [1, 5, 40])
    func start(_ dimension: Int) {
        let net = FlowMLP(dimension: dimension, config: .init(width: 16, timeWidth: 8))
        let flat = net.initialParameters(seed: 3)
        let parameters = net.parameters(flat)
        var stream = RandomStream(seed: 1, purpose: "inputs")
        let x = stream.normal([9, dimension])
        let t = stream.uniform([9, 1])
        #expect(net(parameters, x, t).floats == Array(repeating: 0, count: 9 * dimension))
        for slot in net.layout.slots {
            let isZero = parameters[slot].floats.allSatisfy { $0 == 0 }
            #expect(isZero == (slot.name.hasPrefix("head") || slot.role == .shift), "\(slot.name)")
        }
        #expect(net.initialParameters(seed: 3).bits == flat.bits && net.initialParameters(seed: 4).bits != flat.bits)
    }

    @Test("widths: DeepWeightFlow's standard variant")
    func widths() {
        let config = FlowMLP.Config(width: 512)
        #expect(config.widths == [512, 256, 512] && config.timeWidth == 64 && config.dropout == 0.1)
        #expect(FlowMLP.Config(width: 1).widths == [1, 1, 1])
        // time 64 + 64, 64^2 + 64; blocks (d+64)h + 3h, h h/2 + 3h/2, h h/2 + 3h; head h d + d; at d = 99, h = 512.
        let count = 128 + 4160 + (163 * 512 + 3 * 512) + (512 * 256 + 3 * 256) + (256 * 512 + 3 * 512) + (512 * 99 + 99)
        #expect(FlowMLP(dimension: 99, config: config).layout.count == count)
    }

    @Test("dropout acts in training, but not behind the last block")
    func dropout() {
        func net(_ hidden: [Int]) -> FlowMLP {
            FlowMLP(dimension: 3, hidden: hidden, timeWidth: 4, dropout: 0.5)
        }
        for (hidden, isChanged) in [([12, 12], true), ([12], false)] {
            let net = net(hidden)
            let parameters = net.parameters(normalDoubles([net.layout.count]).converted(to: .single))
            var stream = RandomStream(seed: 1, purpose: "inputs")
            let x = stream.normal([6, 3])
            let t = stream.uniform([6, 1])
            var training = ForwardPass.training(streams: [RandomStream(seed: 2, purpose: "dropout")])
            var again = training
            let first = net(parameters, VelocityInput(x, t), &training)
            let evaluated = net(parameters, x, t)
            #expect((first.bits != evaluated.bits) == isChanged)
            #expect(net(parameters, VelocityInput(x, t), &again).bits == first.bits, "the same stream, the same mask")
            #expect((net(parameters, VelocityInput(x, t), &training).bits != first.bits) == isChanged, "the next one")
        }
    }

    @Test("a row's velocity does not depend on its neighbours")
    func rows() {
        let net = FlowMLP(dimension: 4, config: .init(width: 16, timeWidth: 8))
        let parameters = net.parameters(normalDoubles([net.layout.count]) * 0.3)
        let x = normalDoubles([7, 4])
        let t = normalDoubles([7, 1], seed: 2).sigmoid()
        let all = net(parameters, x, t)
        for row in 0..<7 {
            let one = net(parameters, x.sliced(axis: 0, row..<(row + 1)), t.sliced(axis: 0, row..<(row + 1)))
            #expect(relativeDifference(one, all.sliced(axis: 0, row..<(row + 1))) < 1e-13)
        }
    }
}
