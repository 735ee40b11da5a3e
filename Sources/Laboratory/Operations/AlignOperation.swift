import Foundation
import ModelZoo
import Networks
import Tensors

/// Brings the networks of a zoo file into one symmetry frame.
public struct AlignOperation {
    /// The zoo file to read.
    public let path: String
    /// Row of the reference network.
    public let reference: Int
    /// Most sweeps for one network.
    public let sweeps: Int
    /// The zoo file to write.
    public let out: URL

    /// Describes the work.
    public init(path: String, reference: Int, sweeps: Int, out: URL) {
        self.path = path
        self.reference = reference
        self.sweeps = sweeps
        self.out = out
    }

    /// Aligns, checks on standard normal inputs that every network still computes the same function, and writes.
    /// Throws `DataError`.
    public func execute(_ reporter: any ProgressReporter) throws -> Aligner.Facts {
        try OutputFile.check(out)
        let zoo = try ZooReader(path: path).readAll()
        guard (0..<zoo.count).contains(reference) else {
            throw DataError(
                .configuration, path: "--reference", expected: "0 to \(zoo.count - 1)", found: "\(reference)")
        }
        guard let architecture = zoo.header.architecture else {
            throw DataError(
                .malformed, path: path, expected: "an architecture, whose symmetries are known", found: "only a layout")
        }
        try zoo.checkBuffers(path: path)
        var (aligned, facts) = try Aligner(sweeps: sweeps).align(zoo, reference: reference, path: path) { done, total in
            reporter.update("aligning", done: done, total: total)
            try Interruption.check("aligning", hint: OutputFile.interrupted)
        }
        var stream = RandomStream(seed: 0, purpose: "align.check")
        let inputs = architecture.input.samples(100, &stream)
        let check = Aligner.largestLogitDifference(architecture.network, before: zoo, after: aligned, inputs: inputs)
        facts.largestLogitDifference = check.difference
        facts.largestLogit = check.largest
        try ZooWriter.write(aligned, to: out.path)
        return facts
    }
}
