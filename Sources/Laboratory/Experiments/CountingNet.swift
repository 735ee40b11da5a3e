import Generation
import Networks
import Synchronization
import Tensors

/// A net that counts how often it is evaluated, for samplers whose steps depend on the sample.
struct CountingNet: VelocityNet {
    /// Evaluations so far, also of other threads.
    final class Counter: Sendable {
        private let count = Atomic<Int>(0)

        var value: Int { count.load(ordering: .relaxed) }

        func add() { count.add(1, ordering: .relaxed) }
    }

    let base: any VelocityNet
    let counter: Counter

    var layout: ParameterLayout { base.layout }
    var dimension: Int { base.dimension }

    func initialParameters(seed: UInt64) -> Tensor { base.initialParameters(seed: seed) }

    func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ t: Tensor, _ stream: inout RandomStream?) -> Tensor {
        counter.add()
        return base(parameters, x, t, &stream)
    }
}

extension Generator {
    /// The same with a net that counts.
    func counting(_ counter: CountingNet.Counter) -> Generator {
        Generator(
            coordinates: coordinates, net: CountingNet(base: net, counter: counter), parameters: parameters,
            source: source, sampler: sampler)
    }
}
