import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

@Suite("What sources' settings say")
struct SourceConfigTests {
    private static let layout = MLP(MLP.Config(widths: [2, 3, 1])).layout
    private static let weights = normalDoubles([8, layout.count]).converted(to: .single)

    private static func space(
        standardized: Bool = false, endStd: Double? = nil, _ initialization: Initialization? = nil
    ) -> CodeSpace {
        CodeSpace(
            layout: layout, coordinates: RawCoordinates(parameterCount: layout.count), isStandardized: standardized,
            endStd: endStd, initialization: initialization)
    }

    private static func draws(_ source: any Source, _ count: Int = 4) -> Tensor {
        var stream = RandomStream(seed: 1, purpose: "source")
        return source.sample(count, &stream)
    }

    private static let all: [any SourceConfig] = SourceFamily.standard.all.map { $0.standard() }

    @Test("a Gaussian's width: the diffusion's end, else what is set, else by the codes")
    func width() throws {
        var config = GaussianSource.Config()
        func std(_ space: CodeSpace) throws -> Double {
            try #require(config.fit(Self.weights, in: space) as? GaussianSource).std
        }
        #expect(try std(Self.space()) == 0.01 && std(Self.space(standardized: true)) == 1)
        #expect(try std(Self.space(endStd: 80)) == 80)
        config.std = 0.3
        #expect(try std(Self.space(standardized: true)) == 0.3 && std(Self.space(endStd: 80)) == 80)
    }

    @Test("every kind that is fitted is made again from its record, draw for draw")
    func recorded() throws {
        var space = Self.space(.heUniform)
        space.checkpoints = RunCheckpoints(
            steps: Array(repeating: [0, 3], count: 4), weights: Self.weights)
        for config in Self.all {
            let source = try config.fit(Self.weights, in: space)
            let again = try config.read(source.tensors, in: space)
            #expect(Self.draws(again).bits == Self.draws(source).bits)
            #expect(source.dimension == Self.layout.count && Self.draws(source).shape == [4, Self.layout.count])
        }
    }

    @Test("foreign records are refused with the tensor that is missing and those that are there")
    func foreign() throws {
        let count = Self.layout.count
        let wrong: [(any SourceConfig, [NamedTensor], String, String)] = [
            (MatchedSource.Config(), [], "source_mean", ""),
            (
                MatchedSource.Config(), [NamedTensor("source_mean", .zeros([count]))], "source_std",
                "source_mean [\(count)]"
            ),
            (
                FittedGaussianSource.Config(), [NamedTensor("source_mean", .zeros([2]))], "source_mean",
                "source_mean [2]"
            ),
            (
                PerturbedSource.Config(), [NamedTensor("source_members", .zeros([3, 1]))], "source_members",
                "source_members [3, 1]"
            ),
            (
                PerturbedSource.Config(), [NamedTensor("source_members", .full([1, count], .nan))], "source_members",
                "source_members [1, \(count)]"
            ),
        ]
        for (config, tensors, name, found) in wrong {
            let error = #expect(throws: DataError.self) { try config.read(tensors, in: Self.space()) }
            #expect(error?.description == "source: expected \(name) for codes of \(count), found \(found)")
        }
    }

    @Test("how untrained weights are drawn: what is set, else what is known, else nothing")
    func rule() throws {
        var config = InitializationSource.Config()
        func rule(_ known: Initialization?) throws -> Initialization? {
            try (config.fit(Self.weights, in: Self.space(known)) as? InitializationSource)?.initialization
        }
        let error = #expect(throws: DataError.self) { try config.fit(Self.weights, in: Self.space()) }
        let text =
            "source.method: expected how untrained weights are drawn, found null (nothing says how the networks were)"
        #expect(error?.description == text)
        #expect(try rule(.heNormal) == .heNormal)
        config.method = .heUniform
        #expect(try rule(.heNormal) == .heUniform && rule(nil) == .heUniform)
        #expect(config.problems(knowing: nil).isEmpty)
    }

    @Test("codes that are not finite have no Gaussian")
    func notFinite() {
        let error = #expect(throws: DataError.self) {
            try FittedGaussianSource.Config().fit(Self.weights * Double.nan, in: Self.space())
        }
        #expect(error?.description == "source: expected codes that are finite, found others")
    }

    @Test("only the Gaussian is one for the stochastic equation; a few words for each")
    func words() {
        #expect(Self.all.map(\.isGaussian) == [true, false, false, false, false, false])
        #expect(
            Self.all.map { $0.summary(std: "0.01") } == [
                "N(0, 0.01^2)", "Gaussian weights, a mean and deviation a slot", "networks before their training",
                "the Gaussian of the training codes", "the training networks' initialisations",
                "training networks plus noise",
            ])
    }

    @Test("two networks: a fitted Gaussian stays on the line through them, as wide as their sample deviation")
    func line() throws {
        let codes = Tensor([1, 2, 5, -1] as [Float], shape: [2, 2])
        let source = try #require(FittedGaussianSource(fitting: codes))
        let draws = Self.draws(source, 4000)
        let (x, y) = (draws.selected(axis: 1, 0).doubles, draws.selected(axis: 1, 1).doubles)
        // (x, y) = (3, 0.5) + s (4, -3).
        #expect(zip(x, y).allSatisfy { abs(($0 - 3) * -3 - ($1 - 0.5) * 4) < 1e-3 })
        let moments = Moments(x)
        #expect(moments.meanErrors(from: 3, std: 8.0.squareRoot()) < 5 && abs(moments.variance / 8 - 1) < 0.15)
    }

    @Test("a scale multiplies a matched source's deviations and leaves its means")
    func scale() throws {
        var config = MatchedSource.Config()
        let plain = try config.fit(Self.weights, in: Self.space()).tensors.map(\.value)
        config.scale = 0.25
        let narrow = try config.fit(Self.weights, in: Self.space()).tensors.map(\.value)
        #expect(narrow[0].doubles == plain[0].doubles)
        #expect(relativeDifference(narrow[1], plain[1] * 0.25) < 1e-12)
    }
}
