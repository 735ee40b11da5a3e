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
    }

    /// Samples 0..<count of a seed.
    ///
    /// Columns: sample (its index), seed. Sample i is the same whatever the count.
    func ensemble(
        _ count: Int, seed: UInt64, progress: (Int, Int) throws -> Void
    ) throws -> Ensemble {
        let (codes, weights) = try generator.sample(0..<count, seed: seed) { try progress($0, count) }
        let width = header.layout.count
        let (all, places) = (weights.floats, codes.floats)
        let finite = (0..<count).filter { row in
            all[(row * width)..<((row + 1) * width)].allSatisfy(\.isFinite)
                && places[(row * codes.shape[1])..<((row + 1) * codes.shape[1])].allSatisfy(\.isFinite)
        }
        let keptCodes = codes.gathered(axis: 0, finite.map(Int32.init))
        guard !finite.isEmpty else { return Ensemble(zoo: nil, codes: keptCodes, notFinite: count) }
        var columns = ZooColumns(count: finite.count)
        columns["sample"] = .integer(finite.map(Int64.init))
        columns["seed"] = .unsigned(Array(repeating: seed, count: finite.count))
        let kept = finite.flatMap { all[($0 * width)..<(($0 + 1) * width)] }
        return Ensemble(
            zoo: Zoo(header: header, weights: kept, columns: columns), codes: keptCodes, notFinite: count - finite.count)
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
            try writer.write("sampling.json", "{\"not_finite\": \(ensemble.notFinite)}\n")
        }
    }
    static let codesFile = "ensemble-codes.h5"

    /// How many of the drawn networks were not finite.
    func lostSamples() throws -> Int {
        let notes = try JSONValue(parsing: Data(contentsOf: folder.file("sampling.json")), path: "sampling.json")
        let lost = notes["not_finite"]?.double.flatMap { Int(exactly: $0) }
        guard let lost, (0...config.sampling.count).contains(lost) else {
            throw DataError(
                .malformed, path: folder.file("sampling.json").path,
                expected: "not_finite from 0 to \(config.sampling.count)", found: "something else")
        }
        return lost
    }
}
