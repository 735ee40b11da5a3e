import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Reduced flow")
struct ReducedFlowTests {
    private static func weights(_ net: FlowMLP) -> Parameters {
        var stream = RandomStream(seed: 4, purpose: "weights")
        return Parameters(layout: net.layout, flat: stream.normal([net.layout.count]) * 0.1)
    }

    /// The same net without its reduction.
    private struct Plain: VelocityNet {
        let net: FlowMLP
        var layout: ParameterLayout { net.layout }
        var dimension: Int { net.dimension }
        func initialParameters(seed: UInt64) -> Tensor { net.initialParameters(seed: seed) }
        func callAsFunction(
            _ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass
        ) -> Tensor { net(parameters, input, &pass) }
    }

    @Test("integrates to the same end as the net itself, with every solver", arguments: Solver.Method.allCases)
    func agrees(_ method: Solver.Method) throws {
        let net = FlowMLP(dimension: 300, config: .init(width: 32, timeWidth: 8))
        let parameters = Self.weights(net)
        let solver = Solver(method, steps: 20)
        let start = normalDoubles([7, 300]).converted(to: .single)
        #expect(net.reduced(parameters)?.width == 64)
        let short = net.flow(parameters, by: solver)(start, nil)
        let long = Plain(net: net).flow(parameters, by: solver)(start, nil)
        #expect(relativeDifference(short, long) < 1e-5)
        #expect(relativeDifference(long, start) > 0.05, "the flow moves its points")
    }

    @Test("adaptive steps integrate x itself, which the tolerance is for")
    func adaptive() {
        let net = FlowMLP(dimension: 300, config: .init(width: 32, timeWidth: 8))
        let (parameters, plain) = (Self.weights(net), Plain(net: net))
        let sampler = FlowSampler(solver: Solver(adaptive: Tolerance(relative: 1e-2, absolute: 1e-2)))
        let start = normalDoubles([3, 300]).converted(to: .single)
        func end(_ net: any VelocityNet) -> [UInt64] {
            sampler.sample(net, parameters, from: start) { _ in start }.bits
        }
        #expect(end(net) == end(plain))
        #expect(sampler.prepared(net, parameters)(start) { _ in start }.bits == end(plain))
    }

    @Test("a net whose points are not longer than its layers are wide has none")
    func narrow() {
        let net = FlowMLP(dimension: 60, config: .init(width: 32, timeWidth: 8))
        #expect(net.reduced(Self.weights(net)) == nil)
    }

    @Test("sample i is the same bytes whatever the count and the number of threads")
    func determinism() {
        let net = FlowMLP(dimension: 300, config: .init(width: 32, timeWidth: 8))
        let generator = Generator(
            coordinates: RawCoordinates(parameterCount: 300), net: net, parameters: Self.weights(net).flat,
            source: GaussianSource(dimension: 300, std: 0.5), sampler: FlowSampler(solver: Solver(.rk4, steps: 10)))
        let all = generator.samples(0..<80, seed: 7).codes
        #expect(generator.samples(30..<61, seed: 7).codes.bits == all.sliced(axis: 0, 30..<61).bits)
        let threads = Threads.count
        defer { Threads.count = threads }
        for count in [1, 4] {
            Threads.count = count
            #expect(generator.samples(0..<80, seed: 7).codes.bits == all.bits)
        }
    }
}
