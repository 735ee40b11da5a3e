import Networks
import TestSupport
import Tensors
import Testing

@testable import Basics
@testable import Generation

@Suite("Codes of networks as graphs")
struct GraphLatentConfigTests {
    private static let network = MLP(.init(widths: [4, 6, 3], activation: .relu))
    private static let layout = network.layout
    private static let rows = Initialization.pytorch.population(layout, seeds: Array(0..<12))

    private static let behaviour = NetworkBehaviour(
        network, inputs: normalDoubles([20, 4], seed: 1).converted(to: .single))

    private static let config: GraphLatentConfig = {
        var config = GraphLatentConfig()
        config.net = GraphAutoencoderTests.config
        (config.training.steps, config.training.batch, config.training.warmUp) = (30, 6, 0)
        return config
    }()

    private static func fitting(_ behaviour: NetworkBehaviour? = behaviour) -> CoordinatesFitting {
        CoordinatesFitting(layout: layout, path: "zoo.h5", behaviour: behaviour, seed: 1)
    }

    @Test("codes of a zoo do not depend on the order of any network's units; recorded tensors give the same bytes")
    func invariance() throws {
        let coordinates = try Self.config.fit(Self.rows, validation: nil, Self.fitting())
        let codes = coordinates.encode(Self.rows)
        #expect(codes.shape == [12, 15] && coordinates.dimension == 15)
        #expect(coordinates.parameterCount == Self.layout.count)
        var stream = RandomStream(seed: 2, purpose: "test")
        let element = SymmetryElement.random(Self.layout, permutation: { stream.permutation($0) })
        let moved = element.apply(Self.rows, Self.layout)
        #expect(relativeDifference(coordinates.encode(moved), codes) < 1e-4, "codes are divided by their deviations")
        let again = try Self.config.read(coordinates.tensors, Self.fitting(nil))
        #expect(again.encode(Self.rows).bits == codes.bits)
        #expect(again.decode(codes).bits == coordinates.decode(codes).bits)
    }

    @Test("a zoo whose networks stand in random orders is learnt as the aligned one")
    func unaligned() throws {
        var stream = RandomStream(seed: 3, purpose: "test")
        let first = Self.rows.sliced(axis: 0, 0..<1)
        let others = (1..<12).map { index -> Tensor in
            let element = SymmetryElement.random(Self.layout, permutation: { stream.permutation($0) })
            return element.apply(Self.rows.sliced(axis: 0, index..<(index + 1)), Self.layout)
        }
        let moved = Tensor.concatenate([first] + others, axis: 0)
        let codes = try [Self.rows, moved].map { rows in
            try Self.config.fit(rows, validation: nil, Self.fitting()).encode(rows)
        }
        #expect(relativeDifference(codes[1], codes[0]) < 1e-2, "rounding differs, and training carries it on")
    }

    @Test("training brings networks back, in what they compute")
    func training() throws {
        var config = Self.config
        (config.net.width, config.net.latentNoise, config.net.slots) = (24, 0.01, 6)
        func error(_ steps: Int) throws -> Double {
            config.training.steps = steps
            let coordinates = try config.fit(Self.rows, validation: nil, Self.fitting())
            let decoded = coordinates.decode(coordinates.encode(Self.rows))
            var stream = RandomStream(seed: 4, purpose: "test")
            return BehaviourError(
                behaviour: Self.behaviour, variance: Self.behaviour.variance(of: Self.rows), weights: { $0 },
                rowCount: 20
            )(decoded, Self.rows, &stream).scalar
        }
        let (early, late) = (try error(5), try error(600))
        #expect(late < 0.3 && late < 0.4 * early, "\(late) after \(early)")
    }

    @Test("what networks compute must be known where it counts, and need not be where it does not")
    func behaviour() throws {
        let error = #expect(throws: DataError.self) {
            try Self.config.fit(Self.rows, validation: nil, Self.fitting(nil))
        }
        #expect(
            error?.description
                == "coordinates.functionError: expected 0 where networks cannot be run by their weights on training rows, "
                + "found 1.0 (it needs a zoo that names its data, and networks without batch norms)")
        var weights = Self.config
        weights.net.functionError = 0
        #expect(Self.config.needsBehaviour && !weights.needsBehaviour)
        #expect(try weights.fit(Self.rows, validation: Self.rows, Self.fitting(nil)).encode(Self.rows).isFinite)
        let same = Self.rows.sliced(axis: 0, 0..<1).broadcast(to: [4, Self.layout.count])
        let still = #expect(throws: DataError.self) { try Self.config.fit(same, validation: nil, Self.fitting()) }
        #expect(still?.path == "zoo.h5" && still?.found == "a variance of 0.0")
    }

    @Test("networks that are not finite, and tensors of others, are refused")
    func refused() throws {
        #expect(throws: DataError.self) {
            try Self.config.fit(Self.rows * Double.nan, validation: nil, Self.fitting())
        }
        let coordinates = try Self.config.fit(Self.rows, validation: nil, Self.fitting())
        #expect(throws: DataError.self) {
            try Self.config.read(Array(coordinates.tensors.dropFirst()), Self.fitting())
        }
        var wider = Self.config
        wider.net.width = 24
        #expect(throws: DataError.self) { try wider.read(coordinates.tensors, Self.fitting()) }
    }

    @Test("three axes of neurons are no graph")
    func layouts() {
        var builder = ParameterLayout.Builder()
        let groups = (0..<3).map { builder.addGroup("g\($0)", size: 2, scaling: .none) }
        _ = builder.addSlot("cube", shape: [2, 2, 2], role: .weight, axes: groups)
        let layout = builder.layout()
        #expect(!GraphAutoencoder.reads(layout) && GraphAutoencoder.reads(Self.layout))
        let error = #expect(throws: DataError.self) {
            try Self.config.read([], CoordinatesFitting(layout: layout, seed: 0))
        }
        #expect(error?.path == "coordinates.kind")
    }

    @Test("settings are written and read, and two that contradict each other named")
    func settings() throws {
        var config = GraphLatentConfig()
        (config.net.slots, config.training.steps) = (5, 777)
        #expect(try Tree(encoding: config).decode(GraphLatentConfig.self) == config)
        #expect(config.problems().isEmpty && config.shortName == "graph code of 80")
        #expect(config.isStandardized && config.isLossy(among: 1) && !config.keepsPlaces)
        #expect(config.autoencoderTraining?.steps == 777)
        config.net.latentNoise = 0.5
        #expect(config.problems().map(\.path) == ["latentNoise"])
        config.net.klWeight = 0
        #expect(config.problems().isEmpty)
    }
}

@Suite("A canonical order")
struct CanonicalOrderTests {
    @Test("does not depend on the order in which a network came, with one hidden layer; and computes the same")
    func order() throws {
        let network = MLP(.init(widths: [4, 6, 3], activation: .tanh))
        let layout = network.layout
        var stream = RandomStream(seed: 1, purpose: "test")
        let x = stream.normal([5, layout.count])
        let order = try CanonicalOrder(reference: stream.normal([layout.count]).floats, layout: layout)
        let canonical = try order(x)
        let moved = SymmetryElement.random(layout, permutation: { stream.permutation($0) }).apply(x, layout)
        #expect(try order(moved).bits == canonical.bits && moved.bits != x.bits)
        #expect(try order(canonical).bits == canonical.bits)
        let inputs = stream.normal([7, 4])
        let outputs = [x, canonical].map { network(Parameters(layout: layout, flat: $0), inputs) }
        #expect(relativeDifference(outputs[0], outputs[1]) < 1e-5)
        #expect(try order(.zeros([0, layout.count])).shape == [0, layout.count])
        #expect(throws: DataError.self) { try order(x * Double.infinity) }
        #expect(throws: DataError.self) { try CanonicalOrder(reference: [.nan], layout: layout) }
    }
}
