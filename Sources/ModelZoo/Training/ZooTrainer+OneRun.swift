import Basics

extension ZooTrainer {
    /// The zoo of one run: its late checkpoints, to learn from, and networks of other seeds to measure novelty by.
    ///
    /// With `train`, `validation` and `test` networks in the recipe, the network of the first seed is recorded after
    /// each of its last `train + validation` steps, of which `validation` ones, evenly spaced, are validation networks;
    /// so their neighbours in time are training networks. `test` networks of the seeds after it, trained to their end,
    /// are the fresh ones. Columns: as those of `zoo`, and `step`; the checkpoints share one `seed`.
    ///
    /// The recipe's own `checkpoints`, `selection` and `patience` are not used. `progress` is given how many steps are
    /// done and may throw to stop. Throws `DataError` as `zoo` does, where no checkpoint or no fresh network is asked
    /// for, and where a network diverges. Source: Wang et al., Neural Network Diffusion, 2024, who record 300 steps of
    /// one run.
    public static func oneRun(
        _ recipe: ZooRecipe, catalog: DatasetCatalog, progress: (_ done: Int, _ total: Int) throws -> Void
    ) throws -> Zoo {
        let (run, others) = try recipes(recipe)
        let trainings = 1 + groups(of: others.networks.members(offset: 0, all: nil)).count
        var steps = 0
        let trained = try zoo(run, catalog: catalog) { done, total in
            steps = total
            try progress(done, total * trainings)
        }
        let fresh = try zoo(others, catalog: catalog) { done, _ in try progress(steps + done, steps * trainings) }
        guard trained.columns["diverged"] == nil, fresh.columns["diverged"] == nil, let late = trained.trajectory else {
            throw DataError(
                .configuration, path: "training.rate", expected: "a rate at which every network trains",
                found: "\(recipe.training.rate), at which one diverged", hint: "lower it")
        }
        let split = try run.data(from: catalog).split
        let checkpoints = try ZooTrainer(recipe: run, split: split).zoo(
            of: late, header: trained.header, split: split, validation: recipe.networks.validation)
        return checkpoints.followed(by: fresh.with(step: steps))
    }

    /// The recipe of the run, which records its last steps alone, and that of the fresh networks; both train to the end.
    private static func recipes(_ recipe: ZooRecipe) throws -> (run: ZooRecipe, others: ZooRecipe) {
        let (count, fresh) = (recipe.networks.train + recipe.networks.validation, recipe.networks.test)
        guard count > 0, fresh > 0 else {
            throw DataError(
                .configuration, path: "networks",
                expected: "checkpoints of the run (train, validation) and fresh networks (test)",
                found: "\(count) and \(fresh)")
        }
        var whole = recipe
        (whole.checkpoints, whole.selection, whole.training.patience) = (ZooRecipe.Checkpoints(), .last, 0)
        var (run, others) = (whole, whole)
        run.checkpoints.last = count
        (run.networks.train, run.networks.validation, run.networks.test) = (1, 0, 0)
        (others.networks.train, others.networks.validation) = (0, 0)
        others.networks.firstSeed += 1
        return (run, others)
    }

    /// A run's checkpoints as networks of their own, of which `validation` are validation networks.
    private func zoo(
        of late: ZooTrajectory, header: ZooHeader, split: DatasetSplit, validation: Int
    ) -> Zoo {
        let count = late.checkpoints
        func rows(_ values: [Float], _ width: Int) -> [[Float]] {
            (0..<count).map { Array(values[$0 * width..<($0 + 1) * width]) }
        }
        let buffers = late.buffers.map { rows($0, header.layout.bufferCount) } ?? Array(repeating: [], count: count)
        let records = zip(rows(late.weights, header.layout.count), buffers).map {
            TrainingGroup.Record(weights: $0, buffers: $1)
        }
        var columns = facts(of: records, split: split)
        columns["split"] = .integer(
            (0..<count).map { place in
                let split = Self.isValidation(place, validation, of: count) ? ZooSplit.validation : .train
                return Int64(split.rawValue)
            })
        columns["seed"] = .unsigned(Array(repeating: UInt64(recipe.networks.firstSeed), count: count))
        columns["epoch"] = .integer(late.steps.map { $0 / Int64(stepsPerEpoch) })
        columns["step"] = .integer(late.steps)
        return Zoo(header: header, weights: late.weights, buffers: late.buffers, columns: columns)
    }

    /// Whether the place is one of `validation` places among `count`, evenly spaced and away from both ends.
    static func isValidation(_ place: Int, _ validation: Int, of count: Int) -> Bool {
        func before(_ place: Int) -> Int { (2 * place * validation + count) / (2 * count) }
        return before(place + 1) > before(place)
    }
}

extension Zoo {
    /// The same networks, all of one training step.
    fileprivate func with(step: Int) -> Zoo {
        var columns = columns
        columns["step"] = .integer(Array(repeating: Int64(step), count: count))
        return with(columns: columns)
    }

    /// Both zoos' networks, these first; the columns that both have.
    fileprivate func followed(by other: Zoo) -> Zoo {
        Zoo(
            header: header, weights: weights + other.weights, buffers: buffers.map { $0 + (other.buffers ?? []) },
            columns: columns.appending(other.columns))
    }
}
