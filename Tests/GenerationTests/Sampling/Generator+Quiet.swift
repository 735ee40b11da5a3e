import Tensors

@testable import Generation

extension Generator {
    /// Samples without telling of the progress.
    func samples(_ range: Range<Int>, seed: UInt64) -> (codes: Tensor, weights: Tensor) {
        sample(range, seed: seed) { _ in }
    }
}
