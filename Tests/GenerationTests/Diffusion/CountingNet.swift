import Networks
import Synchronization
import Tensors

@testable import Generation

/// A net that says 0 and counts how often.
final class CountingNet: VelocityNet {
    let layout: ParameterLayout
    let dimension = 1
    private let calls = Atomic(0)

    init() {
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("none", shape: [1], role: .bias)
        layout = builder.layout()
    }

    var count: Int { calls.load(ordering: .relaxed) }

    func initialParameters(seed: UInt64) -> Tensor { .zeros([1]) }

    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        calls.wrappingAdd(1, ordering: .relaxed)
        return input.x * 0
    }
}
