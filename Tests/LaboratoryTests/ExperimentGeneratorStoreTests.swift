import Foundation
import Generation
import ModelZoo
import Networks
import Tensors
import Testing

@testable import Laboratory

@Suite("Generators on disk")
struct ExperimentGeneratorStoreTests {
    private static let netConfig = FlowMLP.Config(width: 8, timeWidth: 4, dropout: 0.1)

    private static func generator(_ coordinates: any Coordinates) -> Generator {
        let net = FlowMLP(dimension: coordinates.dimension, config: netConfig)
        var stream = RandomStream(seed: 5, purpose: "test.net")
        return Generator(
            coordinates: coordinates, net: net, parameters: stream.normal([net.layout.count]) * 0.2,
            source: GaussianSource(std: 0.5), solver: Solver(.rk4, steps: 4))
    }

    private static func principal() throws -> PrincipalCoordinates {
        try #require(PrincipalCoordinates(fitting: Small.zoo(6).population(), components: 4))
    }

    private func write(_ generator: Generator, _ config: CoordinatesConfig, to folder: URL) throws -> GeneratorStore {
        let store = GeneratorStore(folder: folder)
        try store.write(generator, coordinates: config, net: Self.netConfig, usesAverage: false, divergedAt: 17)
        return store
    }

    @Test("A generator that was written draws the same networks, in raw and in principal coordinates")
    func roundTrip() throws {
        let scratch = try ScratchFolder()
        let parts: [(String, any Coordinates, CoordinatesConfig)] = [
            ("raw", RawCoordinates(parameterCount: Small.network.layout.count), .raw(.init())),
            ("pca", try Self.principal(), .pca(.init())),
        ]
        for (name, coordinates, config) in parts {
            let generator = Self.generator(coordinates)
            let read = try write(generator, config, to: scratch.file(name)).read()
            #expect(read.description.divergedAtStep == 17 && read.description.coordinates == config)
            let (before, after) = try (generator.sample(0..<3, seed: 9), read.generator.sample(0..<3, seed: 9))
            #expect(before.weights.floats == after.weights.floats && before.codes.floats == after.codes.floats)
        }
    }

    @Test("A description with impossible numbers is refused, never tried", arguments: [
        ("\"dimension\": 4", "\"dimension\": -4"), ("\"dimension\": 4", "\"dimension\": 3"),
        ("\"steps\": 4", "\"steps\": 0"), ("\"sourceStd\": 0.5", "\"sourceStd\": -1"),
        ("\"timeWidth\": 4", "\"timeWidth\": 0"), ("\"timeWidth\": 4", "\"timeWidth\": 5"),
        ("\"dropout\": 0.1", "\"dropout\": 1"), ("\"hidden\": [8, 4, 8]", "\"hidden\": []"),
        ("\"hidden\": [8, 4, 8]", "\"hidden\": [8, 4]"), ("\"kind\": \"pca\"", "\"kind\": \"nonsense\""),
        ("\"solver\": \"rk4\"", "\"solver\": \"magic\""), ("{", "["),
    ])
    func impossible(_ old: String, _ new: String) throws {
        let scratch = try ScratchFolder()
        let store = try write(Self.generator(Self.principal()), .pca(.init()), to: scratch.file("generator"))
        let text = try scratch.text("generator/generator.json")
        let range = try #require(text.range(of: old), "\(text)")
        try scratch.put("generator/generator.json", text.replacingCharacters(in: range, with: new))
        #expect(try dataError { _ = try store.read() }.kind == .malformed)
    }

    @Test("A folder without a generator says so")
    func missing() throws {
        let scratch = try ScratchFolder()
        let error = try dataError { _ = try GeneratorStore(folder: scratch.file("none")).read() }
        #expect(error.kind == .missing && error.hint.contains("weightspace run"))
    }

    @Test("Samples do not depend on how many are drawn; those that are not finite are left out and counted")
    func sampling() throws {
        let coordinates = try Self.principal()
        let header = Small.zoo(1).header
        let sampler = EnsembleSampler(generator: Self.generator(coordinates), header: header)
        let few = try #require(sampler.ensemble(3, seed: 2) { _, _ in }.zoo)
        var told: [Int] = []
        let many = try #require(sampler.ensemble(40, seed: 2) { done, _ in told.append(done) }.zoo)
        #expect(few.weights == Array(many.weights.prefix(few.weights.count)) && told.last == 40)
        #expect(many.columns.numbers("sample") == (0..<40).map(Double.init))
        #expect(many.columns["seed"] == .unsigned(Array(repeating: 2, count: 40)))
        let net = FlowMLP(dimension: coordinates.dimension, config: Self.netConfig)
        let broken = Generator(
            coordinates: coordinates, net: net, parameters: .full([net.layout.count], .nan),
            source: GaussianSource(std: 0.5), solver: Solver(.euler, steps: 1))
        let lost = try EnsembleSampler(generator: broken, header: header).ensemble(3, seed: 2) { _, _ in }
        #expect(lost.zoo == nil && lost.notFinite == 3)
    }
}
