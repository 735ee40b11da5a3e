import Basics

// The kinds of a generator's parts, one line each: name, settings, and what they are. The default's line is the first.
// Keys, defaults, decoding, messages, the JSON Schema and the parts themselves follow from the settings' types.

/// The velocity nets: `generator:`.
public enum VelocityNetFamily: ConfigFamily {
    /// DeepWeightFlow's MLP first.
    public static let standard: ConfigKinds<any VelocityNetConfig> = [
        ConfigKind("flow-mlp", FlowMLP.Config.self, "DeepWeightFlow's MLP") { $0 },
        ConfigKind("residual-mlp", ResidualMLP.Config.self, "a residual MLP that time modulates") { $0 },
        ConfigKind("unet-1d", UNet1d.Config.self, "a one-dimensional U-Net over the code") { $0 },
        ConfigKind(
            "neuron-transformer", NeuronTransformer.Config.self,
            "a transformer over neurons, equivariant to the networks' own symmetries"
        ) { $0 },
        ConfigKind("potential", PotentialNet.Config.self, "minus the gradient of a perceptron's potential") { $0 },
        ConfigKind(
            "quadratic-potential", QuadraticPotentialNet.Config.self,
            "minus the gradient of a quadratic potential, fitted in closed form"
        ) { $0 },
    ]
}

/// What a generator sees of a network: `coordinates:`.
public enum CoordinatesFamily: ConfigFamily {
    /// Principal components first.
    public static let standard: ConfigKinds<any CoordinatesConfig> = [
        ConfigKind("pca", PrincipalCoordinates.Config.self, "principal components of the training networks") { $0 },
        ConfigKind("raw", RawCoordinates.Config.self, "the weights themselves") { $0 },
        ConfigKind(
            "slot-standardized", SlotStandardizedCoordinates.Config.self, "weights, one mean and scale a tensor"
        ) { $0 },
        ConfigKind(
            "orbit-standardized", OrbitStandardizedCoordinates.Config.self,
            "weights, one mean and scale for all that the symmetries exchange"
        ) { $0 },
        ConfigKind(
            "input-directions", InputDirectionCoordinates.Config.self,
            "the same with the weights into each unit by the directions that its inputs tell apart, for wide inputs"
        ) { $0 },
        ConfigKind(
            "autoencoder", LatentConfig<ConvolutionalAutoencoder.Config>.self,
            "standardised codes of a one-dimensional convolutional autoencoder, p-diff's shape"
        ) { $0 },
        ConfigKind(
            "token-autoencoder", LatentConfig<TokenAutoencoder.Config>.self,
            "standardised codes of a transformer over tokens, one an output channel, SANE's shape"
        ) { $0 },
        ConfigKind(
            "graph-autoencoder", GraphLatentConfig.self,
            "standardised codes of networks as graphs, the same for every order of their units"
        ) { $0 },
    ]
}

/// Where samples start: `source:`.
public enum SourceFamily: ConfigFamily {
    /// The Gaussian first.
    public static let standard: ConfigKinds<any SourceConfig> = [
        ConfigKind("gaussian", GaussianSource.Config.self, "N(0, std^2 I) in the coordinates in use") { $0 },
        ConfigKind(
            "matched", MatchedSource.Config.self, "Gaussian weights with each slot's own mean and standard deviation"
        ) { $0 },
        ConfigKind("initialization", InitializationSource.Config.self, "networks before their training") { $0 },
        ConfigKind(
            "fitted-gaussian", FittedGaussianSource.Config.self,
            "the Gaussian with the training codes' mean and covariance"
        ) { $0 },
        ConfigKind(
            "checkpoint", CheckpointSourceConfig.self, "where the training networks were at a step of their training"
        ) { $0 },
        ConfigKind("perturbed", PerturbedSource.Config.self, "training networks plus noise") { $0 },
    ]
}

/// How the source becomes data: `process:`.
public enum ProcessFamily: ConfigFamily {
    /// The flow first.
    public static let standard: ConfigKinds<any ProcessConfig> = [
        ConfigKind("flow", FlowConfig.self, "flow matching") { $0 },
        ConfigKind("ddpm", DDPMConfig.self, "a variance-preserving diffusion (Ho et al. 2020)") { $0 },
        ConfigKind("edm", EDMConfig.self, "a diffusion after Karras et al. (2022)") { $0 },
        ConfigKind(
            "multi-marginal", MultiMarginalConfig.self, "flow matching along curves through each run's checkpoints"
        ) { $0 },
        ConfigKind(
            "jko", TransitionConfig.self, "implicit steps from checkpoint to checkpoint down a potential (JKOnet*)"
        ) { $0 },
    ]
}
