import Basics
import Networks

extension GraphAutoencoder {
    /// Sizes, what counts as wrong, and regularisation.
    public struct Config: ComponentConfig {
        /// Seeds, S; each gives `latent` numbers of the code.
        public var slots = 8
        /// Numbers a seed, k.
        public var latent = 16
        /// Features of a token inside encoder and decoder.
        public var width = 64
        /// Attention heads, a divisor of the width.
        public var heads = 4
        /// Blocks of the encoder, and of the decoder.
        public var layers = 2
        /// Features of a message along an edge; unused where no weight joins two units.
        public var edgeWidth = 32
        /// Weight of the weights' squared error in the loss.
        public var weightError = 0.1
        /// Weight of the functions' squared error in the loss; 0 needs no data.
        public var functionError = 1.0
        /// Rows of data that a step looks at for it.
        public var functionRows = 64
        /// Weight of the Kullback-Leibler divergence; 0: noise of fixed size instead.
        public var klWeight = 3e-4
        /// Standard deviation of the noise on latent codes in training where there is no divergence.
        public var latentNoise = 0.1
        /// Standard deviation of the noise on inputs in training.
        public var inputNoise = 0.0

        /// A variational pair for networks of some thousand weights.
        public init() {}

        /// Settings for some thousand networks.
        public static var training: TrainingConfig {
            var config = TrainingConfig()
            (config.steps, config.batch, config.rate, config.finalRate) = (3000, 32, 2e-3, 1e-5)
            (config.warmUp, config.clip, config.beta2) = (100, 1, 0.99)
            return config
        }

        /// What keeps the codes smooth.
        public var regularization: LatentRegularization {
            LatentRegularization(klWeight: klWeight, latentNoise: latentNoise, inputNoise: inputNoise)
        }

        /// Why no nets can be made of this, or nil where they can.
        public var problem: String? {
            if !(1...4096).contains(slots) { return "slots \(slots) is not in 1...4096" }
            if !(1...8192).contains(latent) { return "latent \(latent) is not in 1...8192" }
            if !(1...8192).contains(width) { return "width \(width) is not in 1...8192" }
            if !(1...64).contains(heads) || !width.isMultiple(of: heads) {
                return "heads \(heads) is not a divisor of width \(width) in 1...64"
            }
            if !(1...32).contains(layers) { return "layers \(layers) is not in 1...32" }
            if !(1...4096).contains(edgeWidth) { return "edgeWidth \(edgeWidth) is not in 1...4096" }
            if !(1...65_536).contains(functionRows) { return "functionRows \(functionRows) is not in 1...65536" }
            if !(0...1e6).contains(weightError) { return "weightError \(weightError) is not in 0...1e6" }
            if !(0...1e6).contains(functionError) { return "functionError \(functionError) is not in 0...1e6" }
            if weightError == 0, functionError == 0 { return "weightError and functionError are both 0" }
            return regularization.problem
        }

        /// What can be set.
        public static let keys =
            [
                ConfigKey("slots", .integer(1...4096), "Seeds that read a network; each gives a part of the code"),
                ConfigKey("latent", .integer(1...8192), "Numbers of a seed's part of the code"),
                ConfigKey("width", .integer(1...8192), "Features of a token inside encoder and decoder"),
                ConfigKey("heads", .integer(1...64), "Attention heads, a divisor of the width"),
                ConfigKey("layers", .integer(1...32), "Blocks of the encoder, and of the decoder"),
                ConfigKey("edgeWidth", .integer(1...4096), "Features of a message where a weight joins two units"),
                ConfigKey("weightError", .number(atLeast: 0), "Weight of the weights' squared error in the loss"),
                ConfigKey(
                    "functionError", .number(atLeast: 0),
                    "Weight of the squared error of what networks compute on training rows; 0 needs no data"),
                ConfigKey("functionRows", .integer(1...65_536), "Training rows that a step looks at for functionError"),
            ] + LatentRegularization.keys

        /// Why no nets can be made of this, if none can.
        public func problems() -> [ConfigProblem] { ConfigProblem.own(problem) }
    }
}
