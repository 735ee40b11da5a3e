extension ZooTrainer {
    /// Trains the zoo of a recipe in memory: all networks with their facts.
    ///
    /// Columns: split, seed, epoch, train_loss, train_accuracy, validation_accuracy, test_accuracy; `selected` beside
    /// trajectories, `task` beside tasks, `diverged` where a network did. `progress` is told how many steps are done and
    /// may throw to stop. Throws `DataError` for data that is missing or does not fit.
    public static func zoo(
        _ recipe: ZooRecipe, catalog: DatasetCatalog, progress: (_ done: Int, _ total: Int) throws -> Void
    ) throws -> Zoo {
        try ZooTraining(arms: [.init(recipe: recipe)], catalog: catalog).train(report: progress).zoo()
    }
}
