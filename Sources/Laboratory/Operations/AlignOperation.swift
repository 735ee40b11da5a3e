import Basics
import Foundation
import ModelZoo
import Ranks

/// Brings the networks of a zoo file into one symmetry frame, a few at a time.
public struct AlignOperation {
    /// The zoo file to read.
    public let path: String
    /// Row of the reference network.
    public let reference: Int
    /// Most sweeps for one network.
    public let sweeps: Int
    /// The zoo file to write.
    public let out: URL
    /// Whether a file that is there already is replaced.
    public var replaces = false
    /// The processes that align.
    public var ranks = Ranks.one
    /// Weights of the networks of an item, where there are several processes: more work than handing it out.
    var weightsOfItem = 1 << 18

    /// Prepares to align the zoo file at `path` into `out`; nothing is read yet.
    public init(path: String, reference: Int, sweeps: Int, out: URL) {
        self.path = path
        self.reference = reference
        self.sweeps = sweeps
        self.out = out
    }

    /// Aligns, checks on standard normal inputs that every network still computes the same function, and writes. Holds
    /// a few networks at a time, so that the zoo may be larger than memory. Throws `DataError`.
    public func execute(_ reporter: any ProgressReporter) throws -> Aligner.Facts {
        try OutputFile.check(out, reading: [path], replacing: replaces)
        let work = try AlignmentBlocks(
            .init(zoo: URL(fileURLWithPath: path), reference: reference, sweeps: sweeps), path: path)
        let (reader, chunk) = (work.reader, work.chunk(over: ranks, weights: weightsOfItem))
        let step = Aligner.step(reference: reference, sweeps: sweeps, of: try reader.parent())
        let writer = try ZooWriter(path: out.path, header: reader.header.adding(step))
        let progress = reporter.progress("aligning", hint: OutputFile.interrupted)
        var (pass, worst) = (work.pass, (difference: 0.0, largest: 0.0))
        try ranks.map(work, 0..<reader.count, by: chunk, report: { try progress.report($0, of: $1) }) { range, blocks in
            try work.forEachBlock(range, blocks) { block, aligned in
                pass.count(block.matches)
                worst = (max(worst.difference, block.difference), max(worst.largest, block.largest))
                try writer.append(aligned)
            }
        }
        try writer.finish()
        var facts = pass.facts
        (facts.largestLogitDifference, facts.largestLogit) = (worst.difference, worst.largest)
        return facts
    }
}

extension Aligner {
    /// What provenance says of an alignment to a row of a zoo, by at most so many sweeps.
    static func step(reference: Int, sweeps: Int, of zoo: Provenance.Parent) -> Provenance.Step {
        let settings = Tree.map(["reference": .integer(reference), "sweeps": .integer(sweeps)])
        return Provenance.Step("align", settings: settings.settingsDigest(), parents: [zoo])
    }
}
