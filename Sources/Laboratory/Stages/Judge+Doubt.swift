import Basics
import Evaluation

extension Judge {
    /// Networks nearer than this share of a fresh network's distance are hardly trained by themselves.
    private static let near = 0.2

    /// What is doubtful about fresh networks as the unit of distances, as the zoo's own results say, or nil: some lie next
    /// to training networks, or most training networks next to each other.
    func yardstickDoubt(_ results: [EnsembleEvaluation.Result], isOneRun: Bool) -> String? {
        guard !isOneRun, unit.origin == .freshNetworks else { return nil }
        guard unit.distance > 0 else {
            return
                "the fresh networks are equal to training networks: there is no unit of distances, and novelty cannot be "
                + "measured"
        }
        func ratios(_ population: PopulationKind) -> [Double] {
            let result = results.first { $0.row.population == population }
            return (result?.nearest.sampleToZoo ?? []).map { unit.ratio($0.distance) }.filter(\.isFinite)
        }
        let (fresh, zoo) = (ratios(.fresh), ratios(.zoo))
        let (nearFresh, nearZoo) = (fresh.count { $0 < Self.near }, zoo.count { $0 < Self.near })
        guard nearFresh > 0 || nearZoo * 2 > zoo.count else { return nil }
        let what =
            nearFresh > 0
            ? "\(nearFresh) of the \(fresh.count) fresh networks lie at less than a fifth of the mean fresh distance from the zoo"
            : "\(nearZoo) of the \(zoo.count) training networks lie at less than a fifth of a fresh network's distance from "
                + "another"
        return what
            + ": are they checkpoints of the same runs, or copies? `zoo import --pattern` with {seed} and {epoch}, or a "
            + "column `run`, keeps a run together"
    }
}
