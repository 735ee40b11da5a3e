/// Where the numbers of a file come from: the steps that led to them, the oldest first, each with what it was made from.
///
/// The same settings, seed and parents give the same provenance on every machine: no time, path, thread or rank is in it,
/// and neither is the program, whose version and SHA-256 stand in a run's `environment.json`.
public struct Provenance: Codable, Hashable, Sendable {
    /// Something that a step was made from.
    public struct Parent: Codable, Hashable, Sendable {
        /// What it is, in a word or two: "zoo", "generator", "data set digits".
        public let what: String
        /// SHA-256 in hexadecimal: of a zoo that of its networks, the content that `weightspace zoo inspect` shows; of
        /// anything else that of its bytes.
        public let sha256: String

        /// Names something by its checksum.
        public init(_ what: String, sha256: String) { (self.what, self.sha256) = (what, sha256) }
    }

    /// One work.
    public struct Step: Codable, Hashable, Sendable {
        /// What was done, as the command or the stage is called: "zoo train", "align", "generate".
        public let made: String
        /// SHA-256 of the settings in hexadecimal, limits of the verdict among them; nil where there are none.
        public let settings: String?
        /// The key of all randomness; nil where nothing is random.
        public let seed: UInt64?
        /// What it was made from.
        public let parents: [Parent]

        /// Puts a step together.
        public init(_ made: String, settings: String? = nil, seed: UInt64? = nil, parents: [Parent] = []) {
            (self.made, self.settings, self.seed, self.parents) = (made, settings, seed, parents)
        }

        /// One line for people, checksums by their first twelve digits.
        public var text: String {
            let facts = [
                seed.map { "seed \($0)" }, settings.map { "settings \($0.prefix(12))" },
                parents.isEmpty
                    ? nil : "from " + parents.map { "\($0.what) \($0.sha256.prefix(12))" }.joined(separator: ", "),
            ].compactMap { $0 }
            return facts.isEmpty ? made : "\(made): " + facts.joined(separator: ", ")
        }
    }

    /// The steps, the oldest first.
    public var steps: [Step]

    /// A chain of steps.
    public init(_ steps: [Step] = []) { self.steps = steps }

    /// The chain with one more step at its end.
    public func adding(_ step: Step) -> Provenance { Provenance(steps + [step]) }
}

extension Provenance? {
    /// The chain with one more step at its end; where it is not known, that step alone.
    public func adding(_ step: Provenance.Step) -> Provenance { (self ?? Provenance()).adding(step) }
}
