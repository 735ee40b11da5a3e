import Basics
import ModelZoo

extension Tree {
    /// SHA-256 of settings, in hexadecimal, as provenance names them: of the resolved tree as YAML, without paths (what is at
    /// a path is a parent, with a checksum of its own) and without what only words a report.
    func settingsDigest(without left: [String] = []) -> String {
        let yaml = leaves.filter { leaf in !left.contains(leaf.path) }.sorted { $0.path < $1.path }
            .map { "\($0.path): \($0.value.text())\n" }.joined()
        return SHA256.hex(Array(yaml.utf8).withUnsafeBytes { SHA256.digest(of: $0) })
    }
}

extension ExperimentConfig {
    /// What provenance says of a run's settings; the verdict's limits and the bars of its tables are among them.
    func digest() throws -> String {
        try Tree(encoding: self).settingsDigest(without: ["zoo.path", "zoo.recipe", "question"])
    }

    /// A step of a run.
    func step(_ made: String, parents: [Provenance.Parent]) throws -> Provenance.Step {
        Provenance.Step(made, settings: try digest(), seed: UInt64(seed), parents: parents)
    }
}
