import Foundation

/// Which stages of a run are complete, with the sizes of what they wrote: the content of `stages.json`.
struct RunStages: Codable, Sendable, Equatable {
    struct Stage: Codable, Sendable, Equatable {
        let name: String
        /// Says what the stage was made from; another text makes it stale.
        let inputs: String
        /// Bytes by file name.
        let outputs: [String: Int]
    }

    var format = "weightspace-stages"
    var version = 1
    var stages: [Stage] = []
    var finished = false

    /// Whether this code wrote it.
    var isOurs: Bool { format == Self().format && version == Self().version }

    /// Forgets a stage and those after it, which may have been made from it.
    mutating func dropStages(from name: String) {
        if let index = stages.firstIndex(where: { $0.name == name }) { stages.removeSubrange(index...) }
    }

    /// Whether a stage was made from the same inputs and everything that it wrote is there, at its full size.
    func isComplete(_ name: String, inputs: String, in folder: URL) -> Bool {
        guard let stage = stages.first(where: { $0.name == name }), stage.inputs == inputs else { return false }
        return stage.outputs.allSatisfy { Self.size(of: folder.appendingPathComponent($0.key)) == $0.value }
    }

    /// The bytes of a file, or of all files below a folder; nil where there is nothing.
    static func size(of url: URL) -> Int? {
        let files = FileManager.default
        guard let attributes = try? files.attributesOfItem(atPath: url.path) else { return nil }
        guard attributes[.type] as? FileAttributeType == .typeDirectory else { return attributes[.size] as? Int }
        let names = (try? files.contentsOfDirectory(atPath: url.path)) ?? []
        return names.reduce(0) { $0 + (size(of: url.appendingPathComponent($1)) ?? 0) }
    }
}

/// Where the runs of an experiment stand: `runs/<experiment>/seed-<n>`, or, with arms,
/// `runs/<experiment>/arms/<name>/seed-<n>` with one summary and report above them.
public struct RunLayout: Sendable, Equatable {
    /// The folder of the experiment's summary and report: above the arms, or the single run's own.
    public let root: URL
    /// Whether the runs stand in folders of their arms.
    public let hasArms: Bool

    /// The layout under `out`, or under `runs/` in the present folder; without arms, `out` is the run's folder itself.
    public init(experiment: String, out: URL? = nil, hasArms: Bool, seed: Int) {
        self.hasArms = hasArms
        let base = URL(fileURLWithPath: "runs").appendingPathComponent(experiment)
        root = out ?? (hasArms ? base : base.appendingPathComponent("seed-\(seed)"))
    }

    /// The folder of one run.
    public func folder(arm: String, seed: Int) -> URL {
        guard hasArms else { return root }
        return root.appendingPathComponent("arms").appendingPathComponent(arm).appendingPathComponent("seed-\(seed)")
    }
}
