extension ConvolutionalAutoencoder {
    /// Channels, kernel, latent width and regularisation.
    public struct Config: Codable, Sendable, Equatable {
        /// Channels behind each convolution; each halves the length. Convolution i (from 1) should have 2^i at least:
        /// with fewer a level is narrower than the weights, and even training networks do not come back. p-diff's 64,
        /// 128, 256, 256, 32 satisfy that at eight times the cost.
        public var channels = [8, 16, 32, 64, 64]
        /// Width of the convolutions' kernels, odd.
        public var kernel = 7
        /// Length of a code, K.
        public var latent = 128
        /// Groups of the group norms, a divisor of all channels; 0 leaves out the norms.
        public var groups = 8
        /// Weight of the Kullback-Leibler divergence; 0: noise of fixed size instead.
        public var klWeight = 0.0
        /// Standard deviation of the noise on latent codes in training where there is no divergence.
        public var latentNoise = 0.1
        /// Standard deviation of the noise on inputs in training.
        public var inputNoise = 1e-3

        /// p-diff's shape with fewer channels.
        public init() {}

        /// Settings that reconstruct a hundred networks of a few thousand weights: of 100 aligned MLPs 64-32-32-10 on
        /// the digits (97.2 %, their mean 87.2 %) the reconstructions have 97.0 %. Those of held-out networks have 36
        /// %, less than the mean network: K = 128 numbers know the span of the training networks and no more.
        public static var training: TrainingConfig {
            var config = TrainingConfig()
            (config.steps, config.batch, config.rate, config.finalRate) = (1000, 25, 4e-3, 1e-5)
            (config.warmUp, config.clip) = (50, 1)
            return config
        }

        /// What keeps the codes smooth.
        public var regularization: LatentRegularization {
            LatentRegularization(klWeight: klWeight, latentNoise: latentNoise, inputNoise: inputNoise)
        }

        /// Why no net can be made of this, or nil where one can.
        public var problem: String? {
            if !(1...8).contains(channels.count) { return "channels \(channels) are not 1 to 8 convolutions" }
            if !(0...64).contains(groups) { return "groups \(groups) is not in 0...64" }
            if !channels.allSatisfy({ (1...2048).contains($0) && $0.isMultiple(of: max(groups, 1)) }) {
                return "channels \(channels) are not multiples of groups \(groups) in 1...2048"
            }
            if !(3...63).contains(kernel) || kernel.isMultiple(of: 2) {
                return "kernel \(kernel) is not an odd number in 3...63"
            }
            if !(1...65_536).contains(latent) { return "latent \(latent) is not in 1...65536" }
            return regularization.problem
        }
    }
}
