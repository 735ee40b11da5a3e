import Basics
import Foundation
import ModelZoo
import Tensors

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
        let reader = try ZooReader(path: path)
        guard (0..<reader.count).contains(reference) else {
            throw DataError(
                .configuration, path: "--reference", expected: "a row from 0 to \(reader.count - 1)",
                found: "\(reference)")
        }
        guard let architecture = reader.header.architecture else {
            throw DataError(
                .malformed, path: path, expected: "an architecture, whose symmetries are known", found: "only a layout")
        }
        let network = architecture.network
        var pass = try AlignmentPass(
            reference: reference, row: try reader.read(rows: [reference]).weights, layout: reader.header.layout,
            sweeps: sweeps)
        var stream = RandomStream(seed: 0, purpose: "align.check")
        let inputs = architecture.input.samples(100, &stream)
        let step = Aligner.step(reference: reference, sweeps: sweeps, of: try reader.parent())
        let writer = try ZooWriter(path: out.path, header: reader.header.adding(step))
        let progress = reporter.progress("aligning", hint: OutputFile.interrupted)
        var worst = (difference: 0.0, largest: 0.0)
        for start in stride(from: 0, to: reader.count, by: AlignmentPass.blockCount) {
            let rows = start..<min(reader.count, start + AlignmentPass.blockCount)
            let block = try reader.readWhole(rows: rows)
            try block.checkBuffers(path: path)
            let aligned = try pass.align(block, startingAt: start, path: path)
            let check = Aligner.largestLogitDifference(
                network, before: block, after: aligned, inputs: inputs)
            worst = (max(worst.difference, check.difference), max(worst.largest, check.largest))
            try writer.append(aligned)
            try progress.report(rows.upperBound, of: reader.count)
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
