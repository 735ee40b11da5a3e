import Basics
import Networks

extension ZooRecipe: ComponentConfig {
    /// The keys of a zoo's recipe, section by section.
    public static var keys: [ConfigKey] {
        .section("dataset", ZooRecipe.Data.self) + .section("tasks", ZooRecipe.Tasks.self)
            + .section("architecture", Architecture.self)
            + [
                ConfigKey(
                    "widths", .optional(.list(.integer(1...1 << 20), atLeast: 2)),
                    "Short form of architecture.widths, an MLP's"),
                ConfigKey(
                    "activation", .optional(.choice(Activation.allCases.map(\.name))),
                    "Short form of architecture.activation, an MLP's"),
                ConfigKey(
                    "initialization", .choice(Initialization.allCases.map(\.rawValue)),
                    "How weights are drawn before training"),
            ] + .section("training", ZooRecipe.Optimization.self)
            + .section("networks", ZooRecipe.Networks.self)
            + .section("checkpoints", ZooRecipe.Checkpoints.self)
            + [
                ConfigKey(
                    "selection", .choice(ZooRecipe.Selection.allCases.map(\.rawValue)),
                    "Which checkpoint the zoo keeps; never chosen on test rows")
            ]
    }

    /// Settings that exclude each other, and shares that leave nothing to train on.
    public func problems() -> [ConfigProblem] {
        var problems = training.problems().under("training")
        if dataset.validation + dataset.test >= 1 {
            problems.append(
                ConfigProblem(
                    "dataset.validation", expected: "less than 1 together with dataset.test",
                    found: "\(dataset.validation) and \(dataset.test)"))
        }
        problems += dataset.preparationProblems().under("dataset")
        if networks.count == 0 {
            problems.append(ConfigProblem("networks.train", expected: "at least one network in all", found: "none"))
        }
        if training.patience > 0, selection == .last {
            problems.append(
                ConfigProblem(
                    "training.patience", expected: "0 with selection: last", found: "\(training.patience)",
                    hint: "it waits for a better validation accuracy: selection: best-validation"))
        }
        if checkpoints.last > 0, training.patience > 0 {
            problems.append(
                ConfigProblem(
                    "checkpoints.last", expected: "0 with training.patience, which may end before the last steps",
                    found: "\(checkpoints.last)"))
        }
        if tasks.classes == 1 {
            problems.append(ConfigProblem("tasks.classes", expected: "0, or at least 2", found: "1"))
        }
        if Set(tasks.turns).count < tasks.turns.count {
            problems.append(ConfigProblem("tasks.turns", expected: "values that differ", found: "\(tasks.turns)"))
        }
        if tasks.classes == 0, tasks != ZooRecipe.Tasks() {
            problems.append(
                ConfigProblem("tasks.classes", expected: "how many classes a task tells apart", found: "0"))
        }
        return problems
    }
}

extension ZooRecipe.Data: ComponentConfig {
    /// Where inputs and labels come from.
    public static var keys: [ConfigKey] {
        [
            ConfigKey("name", .text, "A known data set (see `weightspace data list`), or a CSV file"),
            ConfigKey(
                "label", .optional(.text),
                "Column of a CSV file that holds the class: a name, first, last, or a place from 1; null finds it"),
            ConfigKey(
                "scale", .optional(.number()),
                "Inputs are raw * scale + shift; null: as usual for a known data set, a file's values as they are"),
            ConfigKey("shift", .number(), "Inputs are raw * scale + shift"),
            ConfigKey(
                "mean", .optional(.number()),
                "With std: inputs are (raw / 255 - mean) / std, torchvision's Normalize, or (raw * scale - mean) / std"),
            ConfigKey("std", .optional(.number(above: 0)), "See mean"),
            ConfigKey(
                "standardize", .flag,
                "Mean 0 and deviation 1 of every feature over the training rows, in place of scale and shift"),
            ConfigKey(
                "missing", .choice(Missing.allCases.map(\.rawValue)),
                "What cells without a value get: an error, or the feature's mean over the training rows"),
            ConfigKey("validation", .number(atLeast: 0, below: 1), "Share of the training rows kept for validation"),
            ConfigKey(
                "test", .number(atLeast: 0, below: 1), "Share of rows for testing; 0 takes the official test part"),
            ConfigKey("seed", .seed, "Key of the division"),
        ]
    }
}

extension ZooRecipe.Data {
    /// Ways to say a preparation that exclude each other.
    fileprivate func preparationProblems() -> [ConfigProblem] {
        func problem(_ key: String, _ problem: String) -> [ConfigProblem] { [ConfigProblem(key, problem: problem)] }
        if (mean == nil) != (std == nil) { return problem(mean == nil ? "std" : "mean", "mean and std go together") }
        guard mean != nil else { return [] }
        if shift != 0 { return problem("shift", "mean and std say the shift") }
        return standardize ? problem("standardize", "mean and std are given, which it would measure") : []
    }
}

extension ZooRecipe.Tasks: ComponentConfig {
    /// The keys of the section `tasks`.
    public static var keys: [ConfigKey] {
        [
            ConfigKey(
                "classes", .integer(0...16),
                "Classes that a task tells apart, in a drawn order of outputs; 0: one task of all classes"),
            ConfigKey("datasets", .list(.text), "Data sets to take classes from; none: dataset.name"),
            ConfigKey(
                "count", .integer(0...100_000),
                "Training tasks of each data set; 0: one of every combination and view; beyond that with other orders"),
            ConfigKey("samples", .integer(atLeast: 0), "Training rows of a class in each task; 0: all"),
            ConfigKey(
                "new", .integer(0...100_000),
                "Combinations of seen classes that are new tasks, whose networks are all fresh", formerly: "heldOut"),
            ConfigKey("validation", .integer(0...100_000), "Combinations of seen classes that choose settings"),
            ConfigKey("newClasses", .integer(0...1000), "Classes that no training task has, and new tasks are made of"),
            ConfigKey(
                "validationClasses", .integer(0...1000),
                "Classes that only validation tasks have, made of as many of them as they can hold"),
            ConfigKey("most", .integer(0...100_000), "Tasks of each kind not for training, at most; 0: all"),
            ConfigKey("turns", .list(.integer(0...3), atLeast: 1), "Quarter turns of the images, a task each"),
            ConfigKey("mirrored", .flag, "Tasks of mirrored images beside the others"),
            ConfigKey("inverted", .flag, "Tasks of images with dark and light exchanged beside the others"),
            ConfigKey(
                "mixed", .flag, "A view of its own for each class of a training task, drawn, in place of one for all"),
            ConfigKey("seed", .seed, "Key of the drawing"),
        ]
    }
}

extension ZooRecipe.Optimization: ComponentConfig {
    /// How each network is optimised.
    public static var keys: [ConfigKey] {
        [
            ConfigKey(
                "optimizer", .choice(Method.allCases.map(\.rawValue)),
                "adamw: decay apart from the gradient; adam: as part of it; sgd: with momentum if asked"),
            ConfigKey("rate", .number(above: 0), "Learning rate, at its highest"),
            ConfigKey("decay", .number(atLeast: 0), "Weight decay"),
            ConfigKey("momentum", .number(atLeast: 0, below: 1), "Of sgd"),
            ConfigKey("nesterov", .flag, "Whether sgd follows the gradient from where momentum leads"),
            ConfigKey("batch", .integer(1...1 << 20), "Samples in a minibatch; every network draws its own"),
            ConfigKey("epochs", .integer(1...1_000_000), "Passes over the training rows"),
            ConfigKey(
                "schedule", .choice(Curve.allCases.map(\.rawValue)),
                "How the rate goes: constant; cosine to finalRate; one-cycle with the rate as peak; multi-step"),
            ConfigKey("finalRate", .number(atLeast: 0), "End of the cosine"),
            ConfigKey(
                "milestones", .list(.integer(atLeast: 1)), "Epochs at which multi-step multiplies the rate by gamma"),
            ConfigKey("gamma", .number(above: 0, atMost: 1), "Factor of the rate at each milestone"),
            ConfigKey(
                "warmUp", .integer(atLeast: 0), "Epochs in which the rate rises from 0 before the schedule begins"),
            ConfigKey("smoothing", .number(atLeast: 0, below: 1), "Share of a target that goes to all classes evenly"),
            ConfigKey("clip", .number(atLeast: 0), "Largest length of a network's gradient; 0: any"),
            ConfigKey(
                "patience", .integer(atLeast: 0), "Epochs without a better validation accuracy to stop after; 0: never"),
        ]
    }

    /// Keys of another optimizer or schedule than the chosen one.
    public func problems() -> [ConfigProblem] {
        var problems: [ConfigProblem] = []
        func refuse(_ key: String, _ expected: String, _ found: String) {
            problems.append(ConfigProblem(key, expected: expected, found: found))
        }
        if optimizer != .sgd, momentum > 0 {
            refuse("momentum", "0 with optimizer: \(optimizer.rawValue)", "\(momentum)")
        }
        if nesterov, optimizer != .sgd || momentum == 0 { refuse("nesterov", "false without momentum of sgd", "true") }
        if schedule != .cosine, finalRate > 0 {
            refuse("finalRate", "0 with schedule: \(schedule.rawValue)", "\(finalRate)")
        }
        if schedule == .multiStep, milestones.isEmpty {
            refuse("milestones", "epochs with schedule: multi-step", "none")
        }
        if schedule != .multiStep, !milestones.isEmpty {
            refuse("milestones", "none with schedule: \(schedule.rawValue)", "\(milestones)")
        }
        if warmUp > 0, warmUp >= epochs { refuse("warmUp", "less than training.epochs, \(epochs)", "\(warmUp)") }
        return problems
    }
}

extension ZooRecipe.Networks: ComponentConfig {
    /// How many networks of which split.
    public static var keys: [ConfigKey] {
        [
            ConfigKey("train", .integer(0...1_000_000), "Networks that generators may learn from"),
            ConfigKey("validation", .integer(0...1_000_000), "Networks that choose settings"),
            ConfigKey("test", .integer(0...1_000_000), "Fresh networks, the yardstick of novelty"),
            ConfigKey("firstSeed", .seed, "Seed of the first network; each has its own"),
        ]
    }
}

extension ZooRecipe.Checkpoints: ComponentConfig {
    /// What is recorded on the way.
    public static var keys: [ConfigKey] {
        [
            ConfigKey(
                "every", .integer(0...1_000_000),
                "Epochs between the checkpoints of a trajectory, the initialisation and the last epoch with them; 0: none"
            ),
            ConfigKey(
                "last", .integer(0...1_000_000), "Last steps of training, with a checkpoint after each of them; 0: none"
            ),
        ]
    }
}
