import Foundation
import Generation
import ModelZoo
import Networks
import Tensors

/// Draws networks from a finished run into a zoo file.
public struct GenerateOperation {
    /// The run folder.
    public let run: URL
    /// How many networks.
    public let count: Int
    /// Key of the noise.
    public let seed: UInt64
    /// The zoo file to write.
    public let out: URL

    /// Describes the work; throws `DataError.configuration` unless count >= 1.
    public init(run: URL, count: Int, seed: UInt64, out: URL) throws {
        guard count >= 1, count <= 10_000_000 else {
            throw DataError(.configuration, path: "--count", expected: "1 to 10,000,000", found: "\(count)")
        }
        self.run = run
        self.count = count
        self.seed = seed
        self.out = out
    }

    /// Draws and writes. Returns how many networks were left out because a number was not finite; nothing is written if
    /// all were. Sample i is the same for every count. Throws `DataError`.
    public func execute(_ reporter: any ProgressReporter) throws -> Int {
        let read = ["aligned.h5", "generator/velocity.h5", "generator/coordinates.h5", "generator/generator.json"]
        try OutputFile.check(out, reading: read.map { run.appendingPathComponent($0).path })
        let folder = run.appendingPathComponent("generator")
        if !FileManager.default.fileExists(atPath: folder.path),
            FileManager.default.fileExists(atPath: run.appendingPathComponent("arms").path) {
            throw DataError(
                .missing, path: run.path, expected: "the folder of one run", found: "an experiment with arms",
                hint: "name one of arms/<name>/seed-<n> in it")
        }
        let generator = try GeneratorStore(folder: folder).read().generator
        let header = try ZooReader(path: run.appendingPathComponent("aligned.h5").path).header
        guard header.layout.count == generator.coordinates.parameterCount else {
            throw DataError(
                .malformed, path: run.path, expected: "networks of \(generator.coordinates.parameterCount) weights",
                found: "\(header.layout.count)")
        }
        let sampler = EnsembleSampler(generator: generator, header: header)
        let (zoo, notFinite) = try sampler.ensemble(count, seed: seed) { done, total in
            reporter.update("generating networks", done: done, total: total)
            try Interruption.check("generating networks", hint: OutputFile.interrupted)
        }
        if let zoo { try ZooWriter.write(zoo, to: out.path) }
        return notFinite
    }
}
