import Networks
import Synchronization
import Tensors

/// A net that counts how often it is evaluated, for samplers whose steps depend on the sample.
package struct CountingNet: VelocityNet {
    /// Evaluations so far, also of other threads.
    package final class Counter: Sendable {
        private let count = Atomic<Int>(0)

        package init() {}

        package var value: Int { count.load(ordering: .relaxed) }

        func add() { count.add(1, ordering: .relaxed) }
    }

    package let base: any VelocityNet
    package let counter: Counter

    package var layout: ParameterLayout { base.layout }
    package var dimension: Int { base.dimension }

    package func initialParameters(seed: UInt64) -> Tensor { base.initialParameters(seed: seed) }

    package func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        counter.add()
        return base(parameters, input, &pass)
    }
}
