import Basics
import Foundation
import Generation
import ModelZoo
import Networks
import Tensors
import Synchronization
import Testing
import TestSupport

@testable import Laboratory

@Suite("Generators on disk")
struct ExperimentGeneratorStoreTests {
    private static let layout = Small.network.layout
    private static let small = """
        generator: {hidden: 8, timeWidth: 4}
        coordinates: {components: 4}
        source: {std: 0.5}
        sampling: {steps: 4}
        """

    /// Writes an untrained generator with these settings, fitted to eight networks, to a run folder.
    private static func write(
        _ config: ExperimentConfig, to run: URL, outcome: TrainingOutcome = .finished
    ) throws -> Generator {
        let rows = Small.zoo(8).population()
        let fitting = CoordinatesFitting(layout: layout, path: "zoo.h5") { nets, _, _, _ in
            nets.initialParameters(seed: 3)
        }
        let coordinates = try config.coordinates.member.fit(rows, validation: nil, fitting)
        let std = EDMConfig.dataStd(of: coordinates.encode(rows))
        try CoordinatesStore(folder: run.appendingPathComponent("coordinates")).write(
            coordinates, .init(dimension: coordinates.dimension, parameterCount: layout.count, codeStd: std),
            StoredCodes(training: coordinates.encode(rows), validation: nil))
        let parts = try config.parts(layout: layout, coordinates: coordinates, codeStd: std)
        var stream = RandomStream(seed: 5, purpose: "test.net")
        let generator = try parts.generator(stream.normal([parts.net.layout.count]) * 0.05, try parts.source(rows))
        let facts = TrainingFacts(
            TrainingState(parameters: generator.parameters, config: config.training), outcome, config: config.training)
        try GeneratorStore.write(generator, training: facts, to: run.appendingPathComponent("generator"))
        return generator
    }

    private static func read(_ yaml: String, _ run: URL) throws -> GeneratorStore.Stored {
        try GeneratorStore(run: run).read(Small.settings(yaml), layout: layout)
    }

    @Test(
        "A generator that was written draws the same networks: every kind of every part",
        arguments: [
            "coordinates: {kind: raw}",
            "coordinates: {kind: pca, components: 4}",
            "coordinates: {kind: pca, components: 4, standardize: true}",
            "coordinates: {kind: slot-standardized}",
            "coordinates: {kind: orbit-standardized}",
            "coordinates: {kind: input-directions, directions: 2}",
            "coordinates: {kind: autoencoder, channels: [8, 8], latent: 6}",
            "coordinates: {kind: autoencoder, channels: [8, 8], latent: 6, klWeight: 0.1}",
            "coordinates: {kind: token-autoencoder, tokenWidth: 40, width: 8, heads: 2, layers: 1, latent: 3}",
            """
            coordinates:
              {kind: graph-autoencoder, slots: 2, latent: 3, width: 8, heads: 2, layers: 1, functionError: 0}
            """,
            "source: {kind: matched, scale: 0.5}",
            "source: {kind: initialization, method: he-normal}",
            "source: {kind: fitted-gaussian}",
            "source: {kind: perturbed, std: 0.2}",
            "generator: {kind: flow-mlp, hidden: 8, deeper: true, timeWidth: 4}",
            "generator: {kind: residual-mlp, width: 8, depth: 2, timeWidth: 4}",
            "generator: {kind: unet-1d, channels: [8, 16], kernel: 3, timeWidth: 4}",
            """
            coordinates: {kind: orbit-standardized}
            generator: {kind: neuron-transformer, width: 8, layers: 1, heads: 2, hidden: 8, edgeWidth: 4}
            """,
            """
            coordinates: {kind: input-directions, directions: 2}
            generator: {kind: neuron-transformer, width: 8, layers: 1, heads: 2, hidden: 8, edgeWidth: 4}
            process: {kind: edm}
            """,
            "sampling: {method: dopri5, tolerance: 0.01}",
            "sampling: {method: euler-maruyama, steps: 4}",
            """
            coordinates: {kind: slot-standardized}
            process: {kind: ddpm, steps: 6}
            """,
            """
            coordinates: {kind: orbit-standardized}
            process: {kind: ddpm, schedule: cosine, parameterization: velocity}
            sampling: {method: ddim, steps: 4, eta: 0.5}
            """,
            """
            process: {kind: edm}
            sampling: {method: heun, steps: 4, churn: 5}
            """,
        ])
    func roundTrip(_ yaml: String) throws {
        let scratch = try ScratchFolder()
        let config = try Small.settings(yaml)
        let generator = try Self.write(config, to: scratch.url)
        let read = try Self.read(yaml, scratch.url).generator
        let (before, after) = try (generator.sample(0..<3, seed: 9), read.sample(0..<3, seed: 9))
        #expect(before.weights.isFinite && before.weights.shape == [3, Self.layout.count])
        #expect(before.weights.floats == after.weights.floats && before.codes.floats == after.codes.floats)
        let rows = before.weights.floats.chunked(by: Self.layout.count)
        #expect(rows[0] != rows[1], "samples are drawn")
        let codes = read.coordinates.encode(Small.zoo(2, seed: 7).population())
        #expect(codes.floats == generator.coordinates.encode(Small.zoo(2, seed: 7).population()).floats)
    }

    @Test("The weights that guide samples are kept with the net, and are missed where they are gone")
    func guide() throws {
        let yaml =
            Self.small.replacingOccurrences(of: "{steps: 4}", with: "{steps: 4, autoguidance: 2}")
            + "\ntraining: {guideStep: 3}"
        let scratch = try ScratchFolder()
        let plain = try Self.write(Small.settings(Self.small), to: scratch.url)
        let config = try Small.settings(yaml)
        let store = GeneratorStore(run: scratch.url)
        let stored = try store.read(config, layout: Self.layout)
        #expect(stored.generator.guide == nil && stored.description.guideStep == nil)
        let (coordinates, fitted) = try CoordinatesStore(folder: scratch.file("coordinates"))
            .read(config.coordinates.member, layout: Self.layout)
        let parts = try config.parts(layout: Self.layout, coordinates: coordinates, codeStd: fitted.codeStd)
        let guided = try parts.generator(plain.parameters, plain.source, guide: plain.parameters * 0.5)
        let folder = scratch.file("generator")
        try GeneratorStore.write(guided, training: stored.description.training, guideStep: 3, to: folder)
        let read = try store.read(config, layout: Self.layout)
        #expect(read.description.guideStep == 3 && read.description.evaluations == 32)
        #expect(read.generator.guide?.floats == guided.guide?.floats)
        let (before, after) = try (guided.sample(0..<3, seed: 9), read.generator.sample(0..<3, seed: 9))
        #expect(before.weights.floats == after.weights.floats)
        #expect(before.weights.floats != plain.sample(0..<3, seed: 9).weights.floats)
        try FileManager.default.removeItem(at: scratch.file("generator/guide.h5"))
        #expect(try requireDataError { _ = try store.read(config, layout: Self.layout) }.path.contains("guide.h5"))
    }

    @Test("How training ended is kept with it")
    func ending() throws {
        let scratch = try ScratchFolder()
        _ = try Self.write(Small.settings(Self.small), to: scratch.url, outcome: .diverged(step: 17))
        let stored = try Self.read(Self.small, scratch.url)
        #expect(stored.description.training.divergedAt == 17 && stored.hasDiverged)
        #expect(stored.description.sourceStd == 0.5 && stored.description.evaluations == 16)
        #expect(stored.coordinates.dimension == 4 && stored.coordinates.parameterCount == Self.layout.count)
    }

    @Test(
        "Records with impossible numbers are refused, never tried",
        arguments: [
            ("coordinates/coordinates.json", "\"dimension\": 4", "\"dimension\": -4"),
            ("coordinates/coordinates.json", "\"dimension\": 4", "\"dimension\": 3"),
            ("coordinates/coordinates.json", "\"codeStd\": ", "\"codeStd\": -"),
            ("coordinates/coordinates.json", "\"codeStd\": ", "\"codeStd\": 1e300, \"former\": "),
            ("coordinates/coordinates.json", "{", "["),
            ("generator/generator.json", "\"version\": 2", "\"version\": 3"),
            ("generator/generator.json", "\"training\"", "\"trainings\""),
            ("generator/generator.json", "{", "["),
        ])
    func impossible(_ name: String, _ old: String, _ new: String) throws {
        let scratch = try ScratchFolder()
        _ = try Self.write(Small.settings(Self.small), to: scratch.url)
        let text = try scratch.text(name)
        let range = try #require(text.range(of: old), "\(text)")
        try scratch.put(name, text.replacingCharacters(in: range, with: new))
        #expect(try requireDataError { _ = try Self.read(Self.small, scratch.url) }.kind == .malformed)
    }

    @Test(
        "Noises that cannot be scaled to the codes are refused with their problem",
        arguments: [
            ("sigmaMax: 1.0e9", 2.0, "sigmaMax <= 1e9"), ("sigmaMin: 1.0e-9", 0.25, "1e-9 <= sigmaMin"),
            ("logMean: -20", 0.25, "logMean must be"), ("rho: 7", 1e30, "dataStd must be"),
        ])
    func scaledNoises(_ setting: String, _ std: Double, _ says: String) throws {
        let process = try Small.settings("process: {kind: edm, \(setting)}").process.member
        let error = try requireDataError { try process.check(codeStd: std) }
        #expect(error.kind == .configuration && error.path == "process" && error.found.contains(says), "\(error)")
        #expect(error.hint.contains("rescale: false"))
        #expect(throws: Never.self) { try process.check(codeStd: setting == "sigmaMax: 1.0e9" ? 0.5 : 1) }
        let fixed = try Small.settings("process: {kind: edm, \(setting), rescale: false}").process.member
        #expect(throws: Never.self) { try fixed.check(codeStd: std) }
    }

    @Test("A foreign run whose codes are too wide for its noises is refused, not tried")
    func foreignWidth() throws {
        let scratch = try ScratchFolder()
        let yaml = Self.small.replacing("source: {std: 0.5}", with: "process: {kind: edm}")
        _ = try Self.write(Small.settings(yaml), to: scratch.url)
        let text = try scratch.text("coordinates/coordinates.json")
        let wide = text.replacing("\"codeStd\": ", with: "\"codeStd\": 1e30, \"former\": ")
        try scratch.put("coordinates/coordinates.json", wide)
        let error = try requireDataError { _ = try Self.read(yaml, scratch.url) }
        #expect(error.path == "process" && error.found.contains("dataStd"), "\(error)")
    }

    @Test(
        "Files of other settings are refused by name",
        arguments: [
            ("generator: {hidden: 9, timeWidth: 4}\ncoordinates: {components: 4}", "net.h5"),
            ("generator: {hidden: 8, timeWidth: 4}\ncoordinates: {kind: slot-standardized}", "coordinates/tensors.h5"),
            ("generator: {hidden: 8, timeWidth: 4}\ncoordinates: {standardize: true}", "coordinates/tensors.h5"),
            ("generator: {hidden: 8, timeWidth: 4}\ncoordinates: {kind: raw}", "coordinates"),
            ("generator: {hidden: 8, timeWidth: 4}\nsource: {kind: matched}", "generator/source.h5"),
            ("generator: {hidden: 8, timeWidth: 4}\nsource: {kind: fitted-gaussian}", "generator/source.h5"),
            ("generator: {hidden: 8, timeWidth: 4}\nsource: {kind: perturbed}", "generator/source.h5"),
        ])
    func otherSettings(_ yaml: String, _ name: String) throws {
        let scratch = try ScratchFolder()
        _ = try Self.write(Small.settings(Self.small), to: scratch.url)
        let error = try requireDataError { _ = try Self.read(yaml, scratch.url) }
        #expect(error.kind == .malformed && error.path.hasSuffix(name), "\(error)")
    }

    @Test("A generator of version 1 is refused by name, with what to do")
    func versionOne() throws {
        let scratch = try ScratchFolder()
        let description = """
            {"format": "weightspace-generator", "version": 1, "coordinates": {"kind": "pca", "components": 4},
             "dimension": 4, "hidden": [8, 4, 8], "solver": "rk4", "steps": 4, "sourceStd": 0.5}
            """
        try scratch.put("generator/generator.json", description)
        try scratch.put("generator/velocity.h5", "x")
        let error = try requireDataError { _ = try Self.read(Self.small, scratch.url) }
        #expect(error.kind == .malformed && error.path.hasSuffix("generator/generator.json"))
        #expect(error.found.contains("in version 1") && error.found.contains("reads version 2"))
        #expect(error.hint.contains("run the experiment again"))
    }

    @Test("Coordinates of another version are refused by name, also where nothing else of them can be read")
    func otherCoordinates() throws {
        let scratch = try ScratchFolder()
        _ = try Self.write(Small.settings(Self.small), to: scratch.url)
        let text = try scratch.text("coordinates/coordinates.json")
        for later in [text.replacing("\"version\": 1", with: "\"version\": 2"), "{\"version\": 2}"] {
            try scratch.put("coordinates/coordinates.json", later)
            let error = try requireDataError { _ = try Self.read(Self.small, scratch.url) }
            #expect(error.kind == .malformed && error.path.hasSuffix("coordinates/coordinates.json"))
            #expect(
                error.found.contains("fitted coordinates in version 2") && error.found.contains("reads version 1"),
                "\(error)")
        }
    }

    @Test("A folder without a generator says so")
    func missing() throws {
        let scratch = try ScratchFolder()
        let error = try requireDataError { _ = try Self.read(Self.small, scratch.file("none")) }
        #expect(error.kind == .missing && error.hint.contains("weightspace run"))
    }

    @Test("Evaluations of adaptive steps are counted, block by block, without a change of what is drawn")
    func evaluations() throws {
        let scratch = try ScratchFolder()
        let config = Self.small.replacingOccurrences(of: "{steps: 4}", with: "{method: dopri5, tolerance: 1.0e-5}")
        let generator = try Self.write(Small.settings(config), to: scratch.url)
        let sampler = EnsembleSampler(generator: generator, header: Small.zoo(1).header, recalibration: nil)
        let ensemble = try sampler.ensemble(30, seed: 2, progress: .none)
        let plain = generator.sample(0..<30, seed: 2) { _ in }
        #expect(ensemble.codes.floats == plain.codes.floats)
        // Two to begin with and six a try: the mean of two blocks is whole.
        let counted = try #require(ensemble.evaluations)
        #expect(counted >= 8 && counted.truncatingRemainder(dividingBy: 1) == 0, "\(counted)")
    }

    @Test("Samples do not depend on how many are drawn; those that are not finite are left out and counted")
    func sampling() throws {
        let scratch = try ScratchFolder()
        let generator = try Self.write(Small.settings(Self.small), to: scratch.url)
        let header = Small.zoo(1).header
        let sampler = EnsembleSampler(generator: generator, header: header, recalibration: nil)
        let few = try #require(sampler.ensemble(3, seed: 2, progress: .none).zoo)
        let reported = Mutex<[Int]>([])
        let drawn = try sampler.ensemble(
            40, seed: 2, progress: WorkProgress { done, _ in reported.withLock { $0.append(done) } })
        let many = try #require(drawn.zoo)
        #expect(generator.coordinates.decode(drawn.codes).floats == many.weights, "codes as they were drawn")
        #expect(few.weights == Array(many.weights.prefix(few.weights.count)) && reported.withLock { $0.last } == 40)
        #expect(many.columns.numbers("sample") == (0..<40).map(Double.init))
        #expect(many.columns["seed"] == .unsigned(Array(repeating: 2, count: 40)))
        #expect(drawn.evaluations == nil, "a fixed number")
        let broken = Generator(
            coordinates: generator.coordinates, net: generator.net,
            parameters: .full([generator.net.layout.count], .nan), source: generator.source, sampler: generator.sampler)
        let lost = try EnsembleSampler(generator: broken, header: header, recalibration: nil).ensemble(
            3, seed: 2, progress: .none)
        #expect(lost.zoo == nil && lost.notFinite == 3 && lost.codes.shape[0] == 0)
    }
}

extension [Float] {
    /// Rows of a width.
    fileprivate func chunked(by width: Int) -> [[Float]] {
        stride(from: 0, to: count, by: width).map { Array(self[$0..<($0 + width)]) }
    }
}
