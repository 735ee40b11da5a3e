import Basics
import Foundation
import ModelZoo
import Ranks

/// One run of an experiment: an arm with a seed, from its zoo to its verdict, in one run folder.
///
/// Every stage reads the files of the stages before it and writes its own, so that a run that was interrupted goes on
/// with the first stage that is not complete.
struct ExperimentRun {
    let arm: String
    let config: ExperimentConfig
    let folder: RunFolder
    let catalog: DatasetCatalog
    /// The zoos that several runs of an experiment share.
    let zoos: SharedZoos
    let reporter: any ProgressReporter
    /// Whether the stages up to the generator are another run's, which need not be looked at again.
    var isTakenOver = false
    /// Whether trainings write event files for TensorBoard.
    var isWatched = false
    /// The processes that this run is spread over.
    var ranks = Ranks.one
    let clock = StageClock()

    var seed: UInt64 { UInt64(config.seed) }

    /// Runs every stage that is not complete. Returns what the summary and the report need.
    func execute() throws -> RunResult {
        if !isTakenOver { try learn() }
        try timed("tuning") { try tune() }
        switch config.judging {
        case .ensemble:
            try timed("sampling") { try sample() }
            try timed("judging") { try judge() }
        case .tasks(let settings): try timed("judging") { try judgeTasks(settings) }
        case .prompts(let settings): try timed("judging") { try judgePrompts(settings) }
        }
        if !isTakenOver { try timeFreshTraining() }
        return try FinishedRun(url: folder.url, config: config, zoos: zoos).result()
    }

    /// The stages up to a trained generator.
    private func learn() throws {
        // Needed after all the work, and so looked at before it.
        if let recipe = try freshRecipe() { _ = try ZooTraining(arms: [.init(recipe: recipe)], catalog: catalog) }
        try timed("zoo") { try provideZoo() }
        try timed("alignment") { try align() }
        try timed("coordinates", resuming: Self.autoencoderCheckpoint) { try fitCoordinates() }
        try timed("generator", resuming: Self.generatorCheckpoint) { try trainGenerator() }
    }

    /// The stages up to a trained generator, which a run that tunes it takes over.
    static let learning = ["zoo", "alignment", "coordinates", "generator"]

    /// The recipe by which fresh networks are trained to see what one costs, where the zoo came from a file and its recipe
    /// is known: for as many as the trainer trains side by side. Nil where that has been measured.
    private func freshRecipe() throws -> ZooRecipe? {
        guard case .file(let file) = config.zoo, let path = file.recipe,
            StageClock.read(folder.url)["fresh_network"] == nil
        else { return nil }
        var recipe = try RecipeGrid.recipe(path: ExperimentPaths.resolve(path).path, settings: [])
        recipe.networks.train = ZooTrainer.group
        recipe.networks.validation = 0
        recipe.networks.test = 0
        return recipe
    }

    /// Measures what one freshly trained network costs. Only the clock's reading is kept.
    private func timeFreshTraining() throws {
        guard let recipe = try freshRecipe() else { return }
        let start = StageClock.now()
        _ = try ZooTrainer.zoo(recipe, catalog: catalog, progress: progress("timing fresh training").report)
        try clock.record("fresh_network", (StageClock.now() - start) / Double(ZooTrainer.group), in: folder)
    }

    /// Runs a stage and remembers its seconds if it did something; those of a training before it was interrupted stand in
    /// its checkpoint and count.
    private func timed(_ name: String, resuming checkpoint: String? = nil, _ stage: () throws -> Bool) throws {
        let earlier = checkpoint.map { TrainingCheckpoint.seconds(at: folder.file($0)) } ?? 0
        let start = StageClock.now()
        let ran = try stage()
        if ran { try clock.record(name, earlier + StageClock.now() - start, in: folder) }
        reporter.detail("\(arm) seed \(config.seed): \(name) \(ran ? "done" : "already there")")
    }

    /// Shows progress of `what` and stops where the person asked for it.
    func progress(_ what: String) -> WorkProgress {
        reporter.progress("\(what) (\(arm), seed \(config.seed))", interrupted: what)
    }

    /// What the stages have written.
    var files: RunFiles { RunFiles(url: folder.url, config: config, catalog: catalog) }

    /// The population of a zoo file of this run.
    func population(_ name: String) throws -> ZooPopulation { try files.population(name) }

    /// The same with the data that it is judged on, for stages that run networks; with checkpoints where asked for.
    func data(_ name: String, withCheckpoints: Bool = false) throws -> JudgingData {
        try files.data(name, withCheckpoints: withCheckpoints)
    }
}
