/// What verifying a zoo file came to: checks, what each found, and which networks should not be used.
public struct ZooVerification: Codable, Equatable, Sendable {
    /// What is looked at.
    public enum Kind: String, Codable, Sendable, CaseIterable {
        /// The layout is that of the architecture, and all lengths follow from it.
        case layout
        /// Every network is what its checksum says.
        case checksums
        /// All weights and buffers are finite.
        case finite
        /// No slot is far larger than in the rest of the population.
        case magnitudes
        /// No network stands in the file twice.
        case duplicates
        /// Checkpoints are in order, and the weights are those of the selected one.
        case trajectories
        /// No run stands in two splits.
        case splits
        /// Recorded accuracies are what the networks reach.
        case accuracies
    }

    /// How a check ended.
    public enum State: String, Codable, Sendable {
        /// Nothing was found.
        case good
        /// Networks were found that are bad.
        case bad
        /// It could not be made: the detail says why.
        case skipped
    }

    /// What one check came to.
    public struct Check: Codable, Equatable, Sendable {
        /// What was looked at.
        public let kind: Kind
        /// Whether it found nothing, found something, or could not be done.
        public let state: State
        /// What was checked, by which threshold, or why it was not.
        public let detail: String
        /// The bad networks, rising.
        public let networks: [Int]
    }

    /// What is wrong with one network.
    public struct Finding: Codable, Equatable, Sendable {
        /// The check that found it.
        public let kind: Kind
        /// The row of the network in the file.
        public let network: Int
        /// What was found, in words.
        public let detail: String
    }

    /// The zoo file that was verified.
    public let path: String
    /// N, the number of networks.
    public let count: Int
    /// Every check, in the order of `Kind`.
    public let checks: [Check]
    /// Everything found, in the order of the checks, then of the networks.
    public let findings: [Finding]

    /// Networks with any finding, rising.
    public var bad: [Int] { Set(findings.map(\.network)).sorted() }
    /// Networks without one, rising.
    public var good: [Int] {
        let bad = Set(bad)
        return (0..<count).filter { !bad.contains($0) }
    }
    /// Whether nothing was found.
    public var isGood: Bool { findings.isEmpty }
    /// Whether bytes are not those that were written: then nothing in the file can be trusted.
    public var isDamaged: Bool { findings.contains { $0.kind == .checksums } }
}
