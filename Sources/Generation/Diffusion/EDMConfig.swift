import Foundation
import Tensors

/// The settings of an EDM diffusion; defaults are those of Karras et al. (2022), for data of standard deviation 0.5.
public struct EDMConfig: Codable, Sendable, Equatable {
    /// Standard deviation of the data, which preconditioning expects.
    public var dataStd = 0.5
    /// Least noise of a sampler before the last step, which leads to none.
    public var sigmaMin = 0.002
    /// Noise of the source.
    public var sigmaMax = 80.0
    /// How much denser a sampler's levels are at little noise; 1 spaces them evenly.
    public var rho = 7.0
    /// Mean of the log noise in training.
    public var logMean = -1.2
    /// Standard deviation of the log noise in training.
    public var logStd = 1.2

    /// The published settings.
    public init() {}

    /// The same settings for data of another standard deviation: all noises grow with it.
    public func scaled(toDataStd std: Double) -> EDMConfig {
        let factor = std / dataStd
        var scaled = self
        scaled.dataStd = std
        scaled.sigmaMin *= factor
        scaled.sigmaMax *= factor
        scaled.logMean += log(factor)
        return scaled
    }

    /// The root mean square of codes [N, K], 1 where they are all zero: what `dataStd` stands for.
    public static func dataStd(of codes: Tensor) -> Double {
        let std = codes.square().mean().scalar.squareRoot()
        return std > 0 ? std : 1
    }

    /// What is wrong with the settings, or nil.
    public var problem: String? {
        // Within these bounds no noise level leaves the range of single precision.
        if !(1e-9...1e9).contains(dataStd) { return "dataStd must be 1e-9 to 1e9, it is \(dataStd)" }
        if !(sigmaMin >= 1e-9 && sigmaMax > sigmaMin && sigmaMax <= 1e9) {
            return "1e-9 <= sigmaMin < sigmaMax <= 1e9, they are \(sigmaMin), \(sigmaMax)"
        }
        if !(1...100).contains(rho) { return "rho must be 1 to 100, it is \(rho)" }
        if !(-20...20).contains(logMean) { return "logMean must be -20 to 20, it is \(logMean)" }
        return (0...5).contains(logStd) ? nil : "logStd must be 0 to 5, it is \(logStd)"
    }
}
