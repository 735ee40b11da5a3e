import Networks
import Tensors
import TestSupport

@testable import Generation

extension FlowMLP {
    /// The net of a PyTorch case.
    init(_ expected: TorchCase) throws {
        self.init(
            dimension: try expected.option("d").int, hidden: try expected.option("hidden").ints,
            timeWidth: try expected.option("time").int, dropout: 0.1)
    }

    /// A flat vector with this net's layout.
    func parameters(_ flat: Tensor) -> Parameters { Parameters(layout: layout, flat: flat) }

    /// The velocity in evaluation.
    func callAsFunction(_ parameters: Parameters, _ x: Tensor, _ t: Tensor) -> Tensor {
        self(parameters, VelocityInput(x, t))
    }
}
