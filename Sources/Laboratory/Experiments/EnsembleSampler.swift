import Foundation
import Generation
import ModelZoo
import Networks
import Tensors

/// Draws networks from a generator into a zoo file.
struct EnsembleSampler {
    let generator: Generator
    let header: ZooHeader

    /// Samples 0..<count of a seed as a zoo, and how many had to be left out because a number was not finite.
    ///
    /// Columns: sample (its index), seed. Sample i is the same whatever the count.
    func ensemble(
        _ count: Int, seed: UInt64, progress: (Int, Int) throws -> Void
    ) throws -> (zoo: Zoo?, notFinite: Int) {
        let weights = try generator.sample(0..<count, seed: seed) { try progress($0, count) }.weights
        let width = header.layout.count
        let all = weights.floats
        let finite = (0..<count).filter { row in all[(row * width)..<((row + 1) * width)].allSatisfy(\.isFinite) }
        guard !finite.isEmpty else { return (nil, count) }
        var columns = ZooColumns(count: finite.count)
        columns["sample"] = .integer(finite.map(Int64.init))
        columns["seed"] = .unsigned(Array(repeating: seed, count: finite.count))
        let kept = finite.flatMap { all[($0 * width)..<(($0 + 1) * width)] }
        return (Zoo(header: header, weights: kept, columns: columns), count - finite.count)
    }
}

extension ExperimentRun {
    /// Draws the networks of the run into `ensemble.h5`.
    func sample() throws -> Bool {
        try folder.stage("sampling") { writer in
            let header = try ZooReader(path: folder.file("aligned.h5").path).header
            let generator = try GeneratorStore(run: folder.url).read(config, layout: header.layout).generator
            let (zoo, notFinite) = try EnsembleSampler(generator: generator, header: header).ensemble(
                config.sampling.count, seed: seed, progress: progress("generating networks"))
            if let zoo { try writer.produce("ensemble.h5") { try ZooWriter.write(zoo, to: $0.path) } }
            try writer.write("sampling.json", "{\"not_finite\": \(notFinite)}\n")
        }
    }
}
