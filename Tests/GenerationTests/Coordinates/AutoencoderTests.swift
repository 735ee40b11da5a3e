import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Generation

/// A small pair of one of the kinds, over networks of 29 weights.
struct SamplePair: Sendable, CustomStringConvertible {
    var autoencoder: any Autoencoder
    var description: String

    static let networks = MLP(.init(widths: [3, 4, 2, 1])).layout

    static func all(klWeight: Double = 0, noise: Double = 0) -> [SamplePair] {
        var convolution = ConvolutionalAutoencoder.Config(), token = TokenAutoencoder.Config()
        var graph = GraphAutoencoder.Config()
        (convolution.channels, convolution.kernel, convolution.latent, convolution.groups) = ([4, 8], 3, 6, 2)
        (convolution.klWeight, convolution.latentNoise, convolution.inputNoise) = (klWeight, noise, noise)
        (token.width, token.heads, token.layers, token.latent, token.tokenWidth) = (8, 2, 1, 3, 4)
        (token.klWeight, token.latentNoise, token.inputNoise) = (klWeight, noise, noise)
        (graph.width, graph.heads, graph.layers, graph.latent, graph.slots, graph.edgeWidth) = (8, 2, 1, 3, 4, 4)
        (graph.klWeight, graph.latentNoise, graph.inputNoise) = (klWeight, noise, noise)
        return [
            SamplePair(
                autoencoder: ConvolutionalAutoencoder(parameterCount: networks.count, config: convolution),
                description: "convolutional"),
            SamplePair(
                autoencoder: TokenAutoencoder(parameters: networks, config: token), description: "token"),
            SamplePair(
                autoencoder: GraphAutoencoder(parameters: networks, config: graph), description: "graph"),
        ]
    }

    var start: Parameters { Parameters(layout: autoencoder.layout, flat: autoencoder.initialParameters(seed: 1)) }
}

@Suite("Autoencoders")
struct AutoencoderTests {
    private static let rows = normalDoubles([7, SamplePair.networks.count]).converted(to: .single)

    @Test("shapes, and a code does not depend on its neighbours", arguments: SamplePair.all())
    func shapes(_ pair: SamplePair) {
        let (autoencoder, start) = (pair.autoencoder, pair.start)
        let codes = autoencoder.encode(start, Self.rows)
        #expect(codes.shape == [7, autoencoder.dimension] && autoencoder.parameterCount == 29)
        let back = autoencoder.decode(start, codes)
        #expect(back.shape == [7, 29] && back.isFinite)
        let one = autoencoder.encode(start, Self.rows.sliced(axis: 0, 3..<4))
        #expect(relativeDifference(one, codes.sliced(axis: 0, 3..<4)) < 1e-5)
        #expect(autoencoder.posterior(start, Self.rows).logVariance == nil)
        #expect(autoencoder.initialParameters(seed: 1).bits != autoencoder.initialParameters(seed: 2).bits)
    }

    @Test("every weight reaches the code, and the code every weight", arguments: SamplePair.all())
    func reach(_ pair: SamplePair) {
        let (autoencoder, start) = (pair.autoencoder, pair.start)
        let x = Self.rows.sliced(axis: 0, 0..<1)
        let codes = autoencoder.encode(start, x)
        for place in 0..<29 {
            let moved = x + Tensor.oneHot([Int32(place)], classes: 29)
            #expect(relativeDifference(autoencoder.encode(start, moved), codes) > 1e-4, "weight \(place)")
        }
        let change = (autoencoder.decode(start, codes + 1) - autoencoder.decode(start, codes)).abs()
        #expect(change.min().scalar > 0)
    }

    @Test("without noise and divergence the loss is the reconstruction error", arguments: SamplePair.all())
    func plainLoss(_ pair: SamplePair) {
        var stream = RandomStream(seed: 1, purpose: "loss")
        let loss = pair.autoencoder.loss(pair.start, Self.rows, &stream).scalar
        let training = AutoencoderTraining(config: TrainingConfig(), autoencoder: pair.autoencoder, seed: 1)
        #expect(abs(training.reconstructionError(pair.start.flat, rows: Self.rows) - loss) < 1e-5 * loss)
        #expect(training.reconstructionError(pair.start.flat, rows: .zeros([0, 29])) == 0)
    }

    @Test("noise on codes and inputs raises the loss of a decoder that listens", arguments: SamplePair.all(noise: 1))
    func noise(_ pair: SamplePair) {
        var stream = RandomStream(seed: 1, purpose: "loss"), again = stream
        let first = pair.autoencoder.loss(pair.start, Self.rows, &stream).scalar
        #expect(pair.autoencoder.loss(pair.start, Self.rows, &again).scalar == first)
        #expect(pair.autoencoder.loss(pair.start, Self.rows, &stream).scalar != first)
    }

    /// KL(N(m, s^2) || N(0, 1)) = (m^2 + s^2 - 1 - log s^2) / 2, by which the loss grows with klWeight.
    @Test(
        "the divergence is that of two Gaussians",
        arguments: zip(SamplePair.all(klWeight: 29), SamplePair.all(klWeight: 58)))
    func divergence(_ single: SamplePair, _ double: SamplePair) throws {
        let start = single.start
        func loss(_ pair: SamplePair) -> Double {
            var stream = RandomStream(seed: 1, purpose: "loss")
            return pair.autoencoder.loss(start, Self.rows, &stream).scalar
        }
        let (mean, logVariance) = single.autoencoder.posterior(start, Self.rows)
        let m = mean.doubles, l = try #require(logVariance).doubles
        let expected = zip(m, l).reduce(0) { $0 + ($1.0 * $1.0 + exponential($1.1) - 1 - $1.1) / 2 } / 7
        #expect(abs(loss(double) - loss(single) - expected) < 1e-4 * expected)
    }

    @Test(
        "a few hundred steps on five networks reconstruct them; the same bytes when interrupted",
        arguments: SamplePair.all())
    func training(_ pair: SamplePair) throws {
        var config = TrainingConfig()
        (config.steps, config.batch, config.rate, config.finalRate, config.clip) = (300, 5, 1e-2, 1e-3, 1)
        let training = AutoencoderTraining(config: config, autoencoder: pair.autoencoder, seed: 2)
        let rows = Self.rows.sliced(axis: 0, 0..<5)
        var state = training.start()
        let before = training.reconstructionError(state.parameters, rows: rows)
        var pieces = state
        #expect(try training.run(&state, rows: rows) == .finished)
        let after = training.reconstructionError(state.samplingParameters, rows: rows)
        #expect(after < 0.1 * before, "\(after) of \(before)")
        _ = training.run(&pieces, rows: rows) { $0.step < 100 }
        #expect(pieces.step == 100)
        #expect(try training.run(&pieces, rows: rows) == .finished)
        #expect(pieces.parameters.bits == state.parameters.bits)
    }

    @Test("a validation error that stops falling ends the run")
    func stopping() throws {
        var config = TrainingConfig()
        (config.steps, config.batch, config.rate, config.patience, config.checkEvery) = (400, 5, 1e-2, 2, 10)
        let pair = SamplePair.all()[0].autoencoder
        let training = AutoencoderTraining(config: config, autoencoder: pair, seed: 2)
        var state = training.start(), seen: [Double] = []
        let outcome = training.run(
            &state, rows: Self.rows.sliced(axis: 0, 0..<2), validation: Self.rows.sliced(axis: 0, 2..<7)
        ) {
            seen += $0.validation.map { [$0] } ?? []
            return true
        }
        guard case .stopped = outcome else {
            Issue.record("\(outcome): independent networks say nothing about each other")
            return
        }
        let best = training.reconstructionError(state.samplingParameters, rows: Self.rows.sliced(axis: 0, 2..<7))
        #expect(best == seen.min())
    }

    @Test(
        "coordinates of a pair: blocks of rows, and what was recorded gives the same bytes",
        arguments: SamplePair.all())
    func coordinates(_ pair: SamplePair) throws {
        let coordinates = AutoencoderCoordinates(autoencoder: pair.autoencoder, parameters: pair.start.flat)
        let many = normalDoubles([60, 29], seed: 3).converted(to: .single)
        let codes = coordinates.encode(many)
        #expect(codes.shape == [60, pair.autoencoder.dimension] && coordinates.decode(codes).shape == [60, 29])
        #expect(relativeDifference(codes, pair.autoencoder.encode(pair.start, many)) < 1e-5)
        #expect(coordinates.encode(.zeros([0, 29])).shape == [0, coordinates.dimension])
        let again = try AutoencoderCoordinates(autoencoder: pair.autoencoder, tensors: coordinates.tensors)
        #expect(again.encode(many).bits == codes.bits)
        let short = NamedTensor("parameters", .zeros([3]))
        let wild = NamedTensor("parameters", pair.start.flat * .infinity)
        for wrong in [[], [short], [wild]] {
            #expect(throws: DataError.self) {
                try AutoencoderCoordinates(autoencoder: pair.autoencoder, tensors: wrong)
            }
        }
        let bits = ThreadCounts.results { coordinates.encode(many).bits }
        #expect(bits.allSatisfy { $0 == codes.bits })
    }

    @Test("configs say what is wrong with them")
    func problems() {
        var convolution = ConvolutionalAutoencoder.Config(), token = TokenAutoencoder.Config()
        #expect(convolution.problem == nil && token.problem == nil)
        convolution.channels = [8, 12]
        #expect(convolution.problem?.contains("multiples") == true)
        (convolution.channels, convolution.klWeight) = ([8], -1)
        #expect(convolution.problem?.contains("klWeight -1") == true)
        token.heads = 3
        #expect(token.problem?.contains("heads 3") == true)
        (token.heads, token.latentNoise) = (4, .nan)
        #expect(token.problem?.contains("latentNoise") == true)
    }
}

private func exponential(_ x: Double) -> Double { Tensor([x], shape: [1]).exp().doubles[0] }
