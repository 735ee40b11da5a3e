import Networks
import Tensors

extension PrincipalCoordinates: StoredCoordinates {
    /// `mean` [D], `components` [K, D], `variances` [K] and `captured_variance` [1].
    public var tensors: [NamedTensor] {
        [
            NamedTensor("mean", mean), NamedTensor("components", components),
            NamedTensor("variances", Tensor(variances, shape: [variances.count])),
            NamedTensor("captured_variance", Tensor([capturedVariance], shape: [1])),
        ]
    }

    /// Takes recorded tensors; throws a `DataError` unless their shapes agree and all numbers are finite.
    public init(tensors: [NamedTensor]) throws {
        let owner = "principal coordinates"
        let components = try tensors.fitted("components", rank: 2, of: owner)
        let count = components.shape[0]
        let mean = try tensors.fitted("mean", shape: [components.shape[1]], of: owner)
        let variances = try tensors.fitted("variances", shape: [count], of: owner)
        let captured = try tensors.fitted("captured_variance", shape: [1], of: owner)
        self.init(
            mean: mean.converted(to: .single), components: components.converted(to: .single),
            variances: variances.doubles, capturedVariance: captured.doubles[0])
    }
}
