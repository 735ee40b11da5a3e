import Basics
import Foundation
import Generation
import ModelZoo
import Networks
import Ranks
import Tensors

/// Draws networks from a generator into a zoo file.
struct EnsembleSampler {
    let generator: Generator
    package let header: ZooHeader
    /// Gives the networks their running statistics, where the layout has any.
    let recalibration: Recalibration?

    /// Networks that were drawn.
    struct Ensemble {
        /// Those whose weights and running statistics are finite; nil if none is.
        let zoo: Zoo?
        /// Their codes as the sampler left them, [P, K]. Weights that are encoded again may have others: what a lossy
        /// decoder gives need not lie where it came from.
        let codes: Tensor
        /// How many had to be left out because a number was not finite.
        let notFinite: Int
        /// Evaluations of the net (NFE) for a block of samples, mean over the blocks, where they depend on the samples.
        let evaluations: Double?
    }

    /// Samples 0..<count of a seed, drawn by this process, or by all that `spread` names.
    ///
    /// Columns: sample (its index), seed. Sample i is the same whatever the count.
    func ensemble(
        _ count: Int, seed: UInt64, over spread: SampleBlocks.Spread? = nil, progress: WorkProgress
    ) throws -> Ensemble {
        let ranks = spread?.ranks ?? .one
        let work = SampleBlocks(generator, .init(origin: spread?.origin, seed: seed))
        let chunk = ranks.areSeveral ? Generator.block * Threads.count : max(1, count)
        var (parts, evaluated) = ([SampleBlocks.Samples](), 0)
        try ranks.map(work, 0..<count, by: chunk, report: { try progress.report($0, of: $1) }) { _, samples in
            parts.append(samples)
            evaluated += samples.evaluations
        }
        let codes = Tensor.concatenate(parts.map(\.codes), axis: 0)
        let weights = Tensor.concatenate(parts.map(\.weights), axis: 0)
        let blocks = (count + Generator.block - 1) / Generator.block
        let evaluations = work.counts ? Double(evaluated) / Double(max(1, blocks)) : nil
        let statistics = recalibration?(weights)
        let lost = [weights, codes, statistics].compactMap { $0?.rowsNotFinite() }.reduce(into: Set()) {
            $0.formUnion($1)
        }
        let finite = (0..<count).filter { !lost.contains($0) }
        func kept(_ rows: Tensor) -> Tensor { rows.gathered(axis: 0, finite.map(Int32.init)) }
        let keptCodes = kept(codes)
        guard !finite.isEmpty else {
            return Ensemble(zoo: nil, codes: keptCodes, notFinite: count, evaluations: evaluations)
        }
        var columns = ZooColumns(count: finite.count)
        columns["sample"] = .integer(finite.map(Int64.init))
        columns["seed"] = .unsigned(Array(repeating: seed, count: finite.count))
        let zoo = Zoo(
            header: header, weights: kept(weights).floats, buffers: statistics.map { kept($0).floats }, columns: columns
        )
        return Ensemble(zoo: zoo, codes: keptCodes, notFinite: count - finite.count, evaluations: evaluations)
    }
}

extension Tensor {
    /// The rows of [n, width] that hold a number which is not finite.
    fileprivate func rowsNotFinite() -> [Int] {
        let (all, width) = (floats, shape[1])
        return (0..<shape[0]).filter { row in !all[(row * width)..<((row + 1) * width)].allSatisfy(\.isFinite) }
    }
}

extension ExperimentRun {
    /// Draws the networks of the run into `ensemble.h5`, and their codes into `ensemble-codes.h5`.
    func sample() throws -> Bool {
        try folder.stage("sampling") { writer in
            let path = folder.file("aligned.h5").path
            let header = try ZooReader(path: path).header
            var drawn = header
            drawn.provenance = try chain("generate", from: [config.netFile])
            let sampler = EnsembleSampler(
                generator: try GeneratorStore(run: folder.url).read(config, layout: header.layout).generator,
                header: drawn,
                recalibration: try catalog.recalibration(header, path: path, count: config.sampling.calibrationCount))
            let ensemble = try sampler.ensemble(
                config.sampling.count, seed: seed,
                over: .init(ranks: ranks, origin: .init(run: folder.url, catalog: catalog)),
                progress: progress("generating networks"))
            if let zoo = ensemble.zoo {
                try writer.produce("ensemble.h5") { try ZooWriter.write(zoo, to: $0.path) }
                try writer.produce(Self.codesFile) {
                    try TensorFile(url: $0, provenance: drawn.provenance).write([NamedTensor("codes", ensemble.codes)])
                }
            }
            let facts = SamplingFacts(notFinite: ensemble.notFinite, evaluations: ensemble.evaluations)
            try writer.write("sampling.json", try Tree(encoding: facts).text(pretty: true) + "\n")
        }
    }

    static let codesFile = "ensemble-codes.h5"

    /// How the networks of the run were drawn, as recorded.
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
