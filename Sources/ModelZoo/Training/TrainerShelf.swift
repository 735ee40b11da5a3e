import Synchronization

/// The trainer that was used last; groups that train side by side ask for theirs one after the other.
final class TrainerShelf {
    private struct Last {
        let recipe: ZooRecipe
        let task: ZooTask?
        let trainer: ZooTrainer
    }

    private let data: DataShelf
    private let last = Mutex<Last?>(nil)

    init(_ data: DataShelf) { self.data = data }

    func trainer(of group: ZooTraining.Group) throws -> ZooTrainer {
        let (recipe, task) = (group.arm.recipe, group.task?.task)
        return try last.withLock { last in
            if let last, last.recipe == recipe, last.task == task { return last.trainer }
            last = nil
            let trainer = try ZooTrainer(recipe: recipe, split: data.data(recipe, task: task).split)
            last = Last(recipe: recipe, task: task, trainer: trainer)
            return trainer
        }
    }
}
