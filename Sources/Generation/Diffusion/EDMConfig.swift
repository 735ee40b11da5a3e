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
        let all = [dataStd, sigmaMin, sigmaMax, rho, logMean, logStd]
        if !all.allSatisfy(\.isFinite) { return "a setting is not a finite number" }
        if !(dataStd > 0) { return "dataStd must be positive, it is \(dataStd)" }
        if !(sigmaMin > 0 && sigmaMax > sigmaMin) { return "0 < sigmaMin < sigmaMax, they are \(sigmaMin), \(sigmaMax)" }
        if !(rho > 0) { return "rho must be positive, it is \(rho)" }
        return logStd >= 0 ? nil : "logStd must not be negative, it is \(logStd)"
    }
}
