import Networks
import Testing

@testable import Basics
@testable import Generation

/// Every rule by which a description is refused, with the whole message that a user reads.
@Suite("What a description is refused for")
struct GeneratorProblemsTests {
    private static func problems(
        knowing initialization: Initialization? = nil, _ change: (inout GeneratorDescription) -> Void
    ) -> [String] {
        var description = GeneratorDescription()
        change(&description)
        return description.problems(knowing: initialization).map(\.description)
    }

    private static func process(_ change: (inout FlowConfig) -> Void) -> Described<ProcessFamily> {
        var config = FlowConfig()
        change(&config)
        return Described(config)
    }

    private static func ddpm(_ change: (inout DDPMConfig) -> Void = { _ in }) -> Described<ProcessFamily> {
        var config = DDPMConfig()
        change(&config)
        return Described(config)
    }

    private static func edm(_ change: (inout EDMConfig) -> Void = { _ in }) -> Described<ProcessFamily> {
        var config = EDMConfig()
        change(&config)
        return Described(config)
    }

    private static let standardized = Described<CoordinatesFamily>(OrbitStandardizedCoordinates.Config())
    private static let another = Described<SourceFamily>(PerturbedSource.Config())

    @Test("what stands there without a word of the user goes together, and so do the other processes' own parts")
    func accepted() {
        #expect(Self.problems { _ in }.isEmpty)
        #expect(Self.problems { ($0.process, $0.coordinates) = (Self.ddpm(), Self.standardized) }.isEmpty)
        #expect(Self.problems { $0.process = Self.edm() }.isEmpty)
        for coordinates in [
            Described<CoordinatesFamily>(OrbitStandardizedCoordinates.Config()),
            Described(SlotStandardizedCoordinates.Config()), Described(RawCoordinates.Config()),
            Described(InputDirectionCoordinates.Config()),
        ] {
            #expect(
                Self.problems { ($0.net, $0.coordinates) = (Described(NeuronTransformer.Config()), coordinates) }
                    .isEmpty)
        }
    }

    @Test("a net of neurons and coordinates without them")
    func net() {
        let text =
            "coordinates.kind: expected orbit-standardized, input-directions, slot-standardized or raw with "
            + "generator.kind: neuron-transformer, found PCA-99 (its tokens are neurons, which codes do not have)"
        #expect(Self.problems { $0.net = Described(NeuronTransformer.Config()) } == [text])
    }

    @Test("guidance without weights that were put aside, and an autoencoder's guide")
    func guide() {
        let text =
            "sampling.autoguidance: expected null without training.guideStep, found 2.0 "
            + "(set training.guideStep to a tenth of training.steps or less)"
        #expect(Self.problems { $0.sampling.autoguidance = 2 } == [text])
        #expect(Self.problems { ($0.sampling.autoguidance, $0.training.guideStep) = (2, 100) }.isEmpty)
        #expect(Self.problems { $0.training.guideStep = 100 }.isEmpty)
        var autoencoder = LatentConfig<ConvolutionalAutoencoder.Config>()
        autoencoder.training.guideStep = 5
        let other = "coordinates.training.guideStep: expected null: an autoencoder draws no samples, found 5"
        #expect(Self.problems { $0.coordinates = Described(autoencoder) }.contains(other))
    }

    @Test("a diffusion and a source of the user's", arguments: [true, false])
    func diffusionSource(_ isGaussian: Bool) {
        var gaussian = GaussianSource.Config()
        gaussian.std = 2
        let source = isGaussian ? Described<SourceFamily>(gaussian) : Self.another
        let text =
            "source.kind: expected gaussian with std: null with process.kind: edm, found another source "
            + "(a diffusion starts where its noise ends)"
        #expect(Self.problems { ($0.process, $0.source) = (Self.edm(), source) } == [text])
    }

    @Test("a DDPM and codes of other widths than 1")
    func widths() {
        let text =
            "coordinates.kind: expected codes of standard deviation 1 with process.kind: ddpm, found PCA-99 "
            + "(pca with standardize: true, or standardised weights; or process.kind: edm)"
        #expect(Self.problems { $0.process = Self.ddpm() } == [text])
        var principal = PrincipalCoordinates.Config()
        principal.standardize = true
        #expect(Self.problems { ($0.process, $0.coordinates) = (Self.ddpm(), Described(principal)) }.isEmpty)
    }

    @Test("untrained networks as a source, where nothing says how they were drawn")
    func initialization() {
        let text =
            "source.method: expected how untrained weights are drawn, as the zoo comes from a file, found null"
        let change: (inout GeneratorDescription) -> Void = { $0.source = Described(InitializationSource.Config()) }
        #expect(Self.problems(change) == [text])
        #expect(Self.problems(knowing: .heNormal, change).isEmpty)
    }

    @Test("EDM's spacing, and methods that do not look at it")
    func spacing() {
        let change: (inout GeneratorDescription) -> Void = { $0.process = Self.edm { $0.rho = 3 } }
        for method in [SamplingConfig.Method.heun, .ancestral, .ddim] {
            #expect(
                Self.problems {
                    change(&$0); $0.sampling.method = method
                }.isEmpty)
        }
        for method in [SamplingConfig.Method.rk4, .euler, .midpoint, .dormandPrince] {
            let text =
                "process.rho: expected not to be set with sampling.method: \(method.rawValue), found 3.0 "
                + "(it spaces the levels of heun, ancestral and ddim)"
            #expect(
                Self.problems {
                    change(&$0); $0.sampling.method = method
                } == [text])
        }
    }

    @Test("a bridge without width, and between any pairs")
    func bridge() {
        let width = "process.sigma: expected above 0 with path: schrodinger-bridge, found 0"
        func pairs(_ kind: String) -> String {
            "process.coupling.kind: expected sinkhorn with path: schrodinger-bridge, found \(kind) (only bridges "
                + "between the pairs of an entropic plan make up a Schrodinger bridge; its regularization follows sigma "
                + "where it is null)"
        }
        let both = Self.process { ($0.path, $0.sigma) = (.schrodingerBridge, 0) }
        #expect(Self.problems { $0.process = both } == [width, pairs("independent")])
        let pairing = Self.process { ($0.path, $0.coupling) = (.schrodingerBridge, .optimalTransport) }
        #expect(Self.problems { $0.process = pairing } == [pairs("optimal-transport")])
        let right = Self.process { ($0.path, $0.coupling) = (.schrodingerBridge, .sinkhorn(Sinkhorn())) }
        #expect(Self.problems { $0.process = right }.isEmpty)
    }

    @Test("an absolute epsilon that is not given")
    func epsilon() {
        var sinkhorn = Sinkhorn()
        sinkhorn.isRelative = false
        let text = "process.coupling.regularization: expected a number with relative: false, found null"
        #expect(Self.problems { $0.process = Self.process { $0.coupling = .sinkhorn(sinkhorn) } } == [text])
    }

    @Test("the stochastic equation: another source, a bridge, another coupling")
    func stochastic() {
        func problems(_ change: (inout GeneratorDescription) -> Void) -> [String] {
            Self.problems {
                $0.sampling.method = .eulerMaruyama; change(&$0)
            }
        }
        #expect(problems { _ in }.isEmpty)
        let source = "source.kind: expected gaussian with method: euler-maruyama, found another source"
        #expect(problems { $0.source = Self.another } == [source])
        let path =
            "process.path: expected another path with method: euler-maruyama, found schrodinger-bridge "
            + "(and process.coupling: {kind: independent})"
        let bridge = Self.process { ($0.path, $0.coupling) = (.schrodingerBridge, .sinkhorn(Sinkhorn())) }
        #expect(problems { $0.process = bridge } == [path])
        let coupling = "process.coupling.kind: expected independent with method: euler-maruyama, found another"
        let coupled = Self.process { $0.coupling = .optimalTransport }
        #expect(problems { $0.process = coupled } == [coupling])
        #expect(problems { ($0.process, $0.source) = (coupled, Self.another) } == [source, coupling])
    }

    @Test("several sections' problems come section by section, then what does not go together")
    func together() {
        let found = Self.problems {
            $0.process = Self.edm { $0.logStd = 9 }
            ($0.training.steps, $0.training.warmUp) = (5, 5)
            $0.source = Self.another
        }
        let paths = found.map { String($0.prefix { $0 != ":" }) }
        #expect(paths == ["process", "training.warmUp", "source.kind"])
        #expect(found[0] == "process: these settings do not go together: logStd must be 0 to 5, it is 9.0")
    }

    private static func asking(_ description: inout GeneratorDescription) {
        description.conditions.label = .table(LabelTable())
    }

    @Test("guidance towards nothing")
    func guidance() {
        let text =
            "sampling.guidance: expected null without conditions, found 2.0 (set conditions.label, conditions.number or "
            + "conditions.support)"
        #expect(Self.problems { $0.sampling.guidance = 2 } == [text])
        #expect(
            Self.problems {
                $0.sampling.guidance = 2
                Self.asking(&$0)
            }.isEmpty)
    }

    @Test("conditions of nets and processes that are told none")
    func conditions() {
        let net =
            "generator.kind: expected a net that takes conditions, found potential (or conditions of kind none)"
        let runs =
            "conditions: expected none with a process or a source that learns from whole runs, found some (a run's "
            + "checkpoints have no conditions of their own)"
        let kinds = VelocityNetFamily.standard.all.filter {
            !$0.name.contains("potential") && $0.name != "neuron-transformer"
        }
        for kind in kinds {
            #expect(
                Self.problems {
                    $0.net = Described(kind.standard())
                    Self.asking(&$0)
                }.isEmpty, "\(kind.name)")
        }
        #expect(
            Self.problems {
                $0.process = Described(MultiMarginalConfig())
                Self.asking(&$0)
            }.contains(runs))
        #expect(
            Self.problems {
                $0.process = Described(TransitionConfig())
                $0.net = Described(PotentialNet.Config())
                Self.asking(&$0)
            }.filter { [net, runs].contains($0) } == [net, runs])
    }
}
