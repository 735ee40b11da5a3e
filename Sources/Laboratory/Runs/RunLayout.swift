import Foundation

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
