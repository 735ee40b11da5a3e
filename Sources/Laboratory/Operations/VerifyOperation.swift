import Basics
import Foundation
import ModelZoo

/// Checks a zoo file and, where asked, writes a copy without the bad networks.
public struct VerifyOperation {
    /// The zoo file to check.
    public let path: String
    /// How it is checked.
    public let verifier: ZooVerifier
    /// The zoo file to write the good networks to, if any.
    public let out: URL?
    /// Whether a file that is there already is replaced.
    public var replaces = false

    /// Prepares to check the zoo file at `path`; `out` gets a copy without bad networks, if it is given.
    public init(path: String, verifier: ZooVerifier, out: URL?) {
        self.path = path
        self.verifier = verifier
        self.out = out
    }

    /// Checks, and writes the copy unless no network is good: then `copied` is 0. Throws `DataError`.
    public func execute(_ reporter: any ProgressReporter) throws -> (verification: ZooVerification, copied: Int?) {
        if let out { try OutputFile.check(out, reading: [path], replacing: replaces) }
        let reader = try ZooReader(path: path)
        let verification = try verifier.verify(
            reader, progress: reporter.progress("verifying", hint: OutputFile.interrupted))
        guard let out else { return (verification, nil) }
        let good = verification.good
        guard !good.isEmpty else { return (verification, 0) }
        try reader.copy(
            rows: good, to: out.path, progress: reporter.progress("copying", hint: OutputFile.interrupted))
        return (verification, good.count)
    }
}
