import Foundation
import Generation
import ModelZoo
import Networks
import Tensors

/// Draws networks from a generator into a zoo file.
struct EnsembleSampler {
    let generator: Generator
    let header: ZooHeader

    /// Networks that were drawn.
    struct Ensemble {
        /// Those whose weights are finite; nil if none is.
        let zoo: Zoo?
        /// Their codes as the sampler left them, [P, K]. Weights that are encoded again may have others: what a lossy
        /// decoder gives need not lie where it came from.
        let codes: Tensor
        /// How many had to be left out because a number was not finite.
        let notFinite: Int
        /// Evaluations of the net (NFE) for a block of samples, mean over the blocks, where they depend on the samples.
        let evaluations: Double?
    }

    /// Samples 0..<count of a seed.
    ///
    /// Columns: sample (its index), seed. Sample i is the same whatever the count.
    func ensemble(
        _ count: Int, seed: UInt64, progress: (Int, Int) throws -> Void
    ) throws -> Ensemble {
        let counter = generator.sampler.evaluations == nil ? CountingNet.Counter() : nil
        let sampled = counter.map(generator.counting) ?? generator
        let (codes, weights) = try sampled.sample(0..<count, seed: seed) { try progress($0, count) }
        let blocks = (count + Generator.block - 1) / Generator.block
        let evaluations = counter.map { Double($0.value) / Double(max(1, blocks)) }
        let width = header.layout.count
        let (all, places) = (weights.floats, codes.floats)
        let finite = (0..<count).filter { row in
            all[(row * width)..<((row + 1) * width)].allSatisfy(\.isFinite)
                && places[(row * codes.shape[1])..<((row + 1) * codes.shape[1])].allSatisfy(\.isFinite)
        }
        let keptCodes = codes.gathered(axis: 0, finite.map(Int32.init))
        guard !finite.isEmpty else {
            return Ensemble(zoo: nil, codes: keptCodes, notFinite: count, evaluations: evaluations)
        }
        var columns = ZooColumns(count: finite.count)
        columns["sample"] = .integer(finite.map(Int64.init))
        columns["seed"] = .unsigned(Array(repeating: seed, count: finite.count))
        let kept = finite.flatMap { all[($0 * width)..<(($0 + 1) * width)] }
        return Ensemble(
            zoo: Zoo(header: header, weights: kept, columns: columns), codes: keptCodes, notFinite: count - finite.count,
            evaluations: evaluations)
    }
}

extension ExperimentRun {
    /// Draws the networks of the run into `ensemble.h5`, and their codes into `ensemble-codes.h5`.
    func sample() throws -> Bool {
        try folder.stage("sampling") { writer in
            let header = try ZooReader(path: folder.file("aligned.h5").path).header
            let generator = try GeneratorStore(run: folder.url).read(config, layout: header.layout).generator
            let ensemble = try EnsembleSampler(generator: generator, header: header).ensemble(
                config.sampling.count, seed: seed, progress: progress("generating networks"))
            if let zoo = ensemble.zoo {
                try writer.produce("ensemble.h5") { try ZooWriter.write(zoo, to: $0.path) }
                try writer.produce(Self.codesFile) {
                    try TensorFile(url: $0).write([NamedTensor("codes", ensemble.codes)])
                }
            }
            let facts = SamplingFacts(notFinite: ensemble.notFinite, evaluations: ensemble.evaluations)
            try writer.write("sampling.json", try JSONValue(encoding: facts).text(pretty: true) + "\n")
        }
    }

    static let codesFile = "ensemble-codes.h5"

    /// What is known of the drawing.
    func samplingFacts() throws -> SamplingFacts {
        let url = folder.file("sampling.json")
        let facts = try StoredJSON.read(SamplingFacts.self, url, expected: "how the networks were drawn")
        guard (0...config.sampling.count).contains(facts.notFinite) else {
            throw DataError(
                .malformed, path: url.path, expected: "not_finite from 0 to \(config.sampling.count)",
                found: "\(facts.notFinite)")
        }
        return facts
    }
}

/// How networks were drawn: `sampling.json`.
struct SamplingFacts: Codable {
    /// Networks that were left out.
    var notFinite: Int
    /// Evaluations of the net for a block of samples, where they depend on the samples.
    var evaluations: Double?

    private enum CodingKeys: String, CodingKey {
        case notFinite = "not_finite"
        case evaluations
    }
}
