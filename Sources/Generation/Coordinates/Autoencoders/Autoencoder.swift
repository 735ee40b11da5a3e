import Networks
import Tensors

/// A pair of nets, with their own weights in one flat vector, that make a short code of a network's weights and undo
/// it.
public protocol Autoencoder: Sendable {
    /// Where the parameters of the pair lie.
    var layout: ParameterLayout { get }
    /// D, the length of what is encoded.
    var parameterCount: Int { get }
    /// K, the length of a code.
    var dimension: Int { get }
    /// What keeps the codes smooth.
    var regularization: LatentRegularization { get }
    /// The pair's parameters before training, [layout.count].
    func initialParameters(seed: UInt64) -> Tensor
    /// Mean and log variance [B, K] of the codes of x [B, D]; no variance without a divergence (`klWeight` 0).
    func posterior(_ parameters: Parameters, _ x: Tensor) -> (mean: Tensor, logVariance: Tensor?)
    /// Codes [B, K] to [B, D].
    func decode(_ parameters: Parameters, _ z: Tensor) -> Tensor
}

extension Autoencoder {
    /// The posterior means of x [B, D], [B, K].
    public func encode(_ parameters: Parameters, _ x: Tensor) -> Tensor { posterior(parameters, x).mean }

    /// The training loss of x [B, D], all draws from `stream`:
    ///
    ///     mean over B, D of (decode(z) - x)^2 + klWeight / D * mean over B of KL,   z = m + s eps
    ///     m, s from x + inputNoise eps';   KL = sum over K of (m^2 + s^2 - 1 - log s^2) / 2
    ///
    /// Without a divergence s is `latentNoise`. klWeight is 2 sigma^2 for a Gaussian likelihood of variance sigma^2:
    /// then this is the evidence bound of Kingma & Welling, Auto-encoding variational Bayes, 2014, up to factor and
    /// constant.
    public func loss(_ parameters: Parameters, _ x: Tensor, _ stream: inout RandomStream) -> Tensor {
        let regularization = regularization
        let input = regularization.inputNoise > 0 ? x + stream.normal(x.shape) * regularization.inputNoise : x
        let (mean, logVariance) = posterior(parameters, input)
        let noise = stream.normal(mean.shape)
        guard let logVariance else {
            return Loss.meanSquaredError(decode(parameters, mean + noise * regularization.latentNoise), x)
        }
        let z = mean + noise * (logVariance * 0.5).exp()
        let divergence = (mean.square() + logVariance.exp() - logVariance - 1).sum() * (0.5 / Double(x.shape[0]))
        return Loss.meanSquaredError(decode(parameters, z), x)
            + divergence * (regularization.klWeight / Double(parameterCount))
    }
}
