import Basics
import Foundation
import ModelZoo
import Networks

/// Writes networks as they are initialised, without any training: the population that knows nothing.
public struct RandomZooOperation {
    /// The architecture of every network.
    public let architecture: Architecture
    /// How weights are drawn.
    public let initialization: Initialization
    /// How many networks are drawn.
    public let count: Int
    /// Seed of the first; each has its own.
    public let firstSeed: Int
    /// The zoo file to write.
    public let out: URL
    /// Whether a file that is there already is replaced.
    public var replaces = false

    /// Prepares to draw untrained networks, one a seed from `firstSeed` on, into `out`.
    public init(architecture: Architecture, initialization: Initialization, count: Int, firstSeed: Int, out: URL) {
        self.architecture = architecture
        self.initialization = initialization
        self.count = count
        self.firstSeed = firstSeed
        self.out = out
    }

    /// Reads an architecture from text, `{"kind":"mlp","widths":[64,32,10],"activation":"relu"}`, or from a YAML or JSON
    /// file. Throws `DataError`.
    public static func architecture(_ text: String) throws -> Architecture {
        guard let architecture = try ImportOperation.description(text).architecture else {
            throw DataError(
                .configuration, path: "--architecture", expected: "an architecture, whose weights can be drawn",
                found: "only a layout")
        }
        return architecture
    }

    /// Draws and writes a few networks at a time. Throws `DataError`.
    public func execute(_ reporter: any ProgressReporter) throws {
        try OutputFile.check(out, replacing: replaces)
        let settings = Tree.map([
            "architecture": try Tree(encoding: architecture), "count": .integer(count),
            "initialization": .string(initialization.rawValue),
        ])
        let origin = Provenance.Step(
            "zoo random", settings: settings.settingsDigest(), seed: UInt64(clamping: firstSeed))
        let writer = try ZooWriter(path: out.path, header: ZooHeader(architecture: architecture).adding(origin))
        let layout = architecture.layout
        let progress = reporter.progress("drawing networks", hint: OutputFile.interrupted)
        let step = max(1, (16 << 20) / (4 * layout.count))
        for start in stride(from: 0, to: count, by: step) {
            let seeds = (start..<min(start + step, count)).map { UInt64(firstSeed + $0) }
            var columns = ZooColumns(count: seeds.count)
            columns["seed"] = .unsigned(seeds)
            let weights = initialization.population(layout, seeds: seeds).floats
            try writer.append(Zoo(header: writer.header, weights: weights, columns: columns))
            try progress.report(start + seeds.count, of: count)
        }
        try writer.finish()
    }
}
