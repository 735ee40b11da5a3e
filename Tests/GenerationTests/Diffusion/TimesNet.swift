import Networks
import Synchronization
import Tensors

@testable import Generation

/// A net that says 0 and remembers the times that it was told.
final class TimesNet: VelocityNet {
    let layout: ParameterLayout
    let dimension = 1
    private let times = Mutex<[Double]>([])

    init() {
        var builder = ParameterLayout.Builder()
        _ = builder.addSlot("none", shape: [1], role: .bias)
        layout = builder.layout()
    }

    func initialParameters(seed: UInt64) -> Tensor { .zeros([1]) }

    func callAsFunction(_ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass) -> Tensor {
        let (x, t) = (input.x, input.t)
        let told = t.doubles
        times.withLock { $0 += told }
        return x * 0
    }

    /// The times since the last call of this.
    func taken() -> [Double] {
        times.withLock { all in
            defer { all = [] }
            return all
        }
    }
}

extension Churn {
    /// The most, at every level.
    static var strong: Churn {
        var churn = Churn()
        churn.strength = 100
        return churn
    }
}
