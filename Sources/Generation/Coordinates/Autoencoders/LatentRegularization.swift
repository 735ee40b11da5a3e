import Basics

/// What keeps an autoencoder's latent space smooth: noise of fixed size, or a real variational bound.
public struct LatentRegularization: Codable, Sendable, Equatable {
    /// Weight of the Kullback-Leibler divergence from N(0, I); 0: none, and noise of fixed size instead.
    public var klWeight: Double
    /// Standard deviation of the noise on latent codes in training where there is no divergence.
    public var latentNoise: Double
    /// Standard deviation of the noise on inputs in training.
    public var inputNoise: Double

    /// Fixed noise; p-diff's sizes by default.
    public init(klWeight: Double = 0, latentNoise: Double = 0.1, inputNoise: Double = 1e-3) {
        self.klWeight = klWeight
        self.latentNoise = latentNoise
        self.inputNoise = inputNoise
    }

    /// Why nothing can be trained with this, or nil where it can.
    public var problem: String? {
        if !(0...1e6).contains(klWeight) { return "klWeight \(klWeight) is not in 0...1e6" }
        if !(0...10).contains(latentNoise) { return "latentNoise \(latentNoise) is not in 0...10" }
        return (0...10).contains(inputNoise) ? nil : "inputNoise \(inputNoise) is not in 0...10"
    }
}

extension LatentRegularization {
    /// What both autoencoders let one set of it.
    static let keys = [
        ConfigKey("klWeight", .number(atLeast: 0), "Weight of the Kullback-Leibler divergence; 0: noise of fixed size"),
        ConfigKey("latentNoise", .number(atLeast: 0), "Deviation of the noise on codes in training, at klWeight 0"),
        ConfigKey("inputNoise", .number(atLeast: 0), "Deviation of the noise on standardised weights in training"),
    ]
}
