import Foundation
import ModelZoo

/// What a run's stages have written, as later ones read it: on any rank, as it takes no lock.
struct RunFiles {
    /// The run folder.
    let url: URL
    let config: ExperimentConfig
    let catalog: DatasetCatalog

    /// The zoo that coordinates and generator learn from.
    var learnedZoo: String { config.align.enabled ? "aligned.h5" : "zoo.h5" }

    /// Where a file stands.
    func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// The population of a zoo file of this run.
    func population(_ name: String) throws -> ZooPopulation {
        let path = file(name).path
        return try ZooPopulation(ZooReader(path: path).readAll(), path: path)
    }

    /// The same with the data that it is judged on, for stages that run networks; with checkpoints where asked for.
    func data(_ name: String, withCheckpoints: Bool = false) throws -> JudgingData {
        let path = file(name).path
        let reader = try ZooReader(path: path)
        return try JudgingData(
            withCheckpoints ? reader.readWhole(rows: 0..<reader.count) : reader.readAll(), path: path, catalog: catalog,
            calibrationCount: config.sampling.calibrationCount)
    }

    /// The support sets of the zoo's tasks; nil where the generator is given none, and for a zoo of one task.
    func supportSets() throws -> TaskSupports? {
        let support = config.conditions.support
        guard support != .none else { return nil }
        return TaskSupports(try data(learnedZoo), support, path: file(learnedZoo).path)
    }
}
