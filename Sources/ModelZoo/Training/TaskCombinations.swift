import Basics
import Tensors

/// The combinations of a data set's classes that are tasks, and what each is for.
///
/// Some classes are new by the drawing, some for validation alone. Combinations without any of either are new, for
/// validation or for training by the drawing; those with as many new classes, or classes for validation, as they can hold
/// are new too, and for validation. That is so whatever the view: no two parts share a combination.
struct TaskCombinations {
    /// All sets of so many classes.
    let all: [[Int]]
    /// Places in `all` of those for training.
    let training: [Int]
    /// Places in `all` of those for validation, of new combinations, of those of new classes.
    let others: [(part: ZooTask.Purpose, combinations: [Int])]

    /// Draws; throws `DataError.configuration` where there are not that many classes or combinations.
    init(_ tasks: ZooRecipe.Tasks, _ loaded: LoadedDataset) throws {
        let sets = try Self.sets(of: loaded, tasks)
        let classes = try Self.classes(tasks, loaded)
        let known = sets.indices.filter { classes.seen.isSuperset(of: sets[$0]) }
        let chosen = tasks.new + tasks.validation
        guard chosen < known.count else {
            throw DataError(
                .configuration, path: tasks.validation == 0 ? "tasks.new" : "tasks.validation",
                expected:
                    "fewer than the \(known.count) combinations of \(loaded.name)'s seen classes, together with new ones",
                found: "\(chosen)")
        }
        func made(of own: Set<Int>) -> [Int] {
            guard !own.isEmpty else { return [] }
            let (most, allowed) = (min(own.count, tasks.classes), own.union(classes.seen))
            return sets.indices.filter {
                allowed.isSuperset(of: sets[$0]) && own.intersection(sets[$0]).count == most
            }
        }
        var stream = RandomStream(seed: UInt64(tasks.seed), purpose: "zoo.tasks")
        let order = stream.permutation(known.count).map { known[$0] }
        (all, training) = (sets, order[chosen...].sorted())
        others = [
            (.validation, order[tasks.new..<chosen].sorted() + made(of: classes.validation)),
            (.newCombination, order[..<tasks.new].sorted()), (.newClasses, made(of: classes.new)),
        ]
    }

    /// What the classes are for; throws `.configuration` where too few are left for training tasks.
    private static func classes(
        _ tasks: ZooRecipe.Tasks, _ loaded: LoadedDataset
    ) throws -> (new: Set<Int>, validation: Set<Int>, seen: Set<Int>) {
        var stream = RandomStream(seed: UInt64(tasks.seed), purpose: "zoo.tasks.classes")
        let order = stream.permutation(loaded.classCount)
        let (new, left) = (order.prefix(tasks.newClasses), order.dropFirst(tasks.newClasses))
        let (validation, seen) = (left.prefix(tasks.validationClasses), left.dropFirst(tasks.validationClasses))
        guard seen.count >= tasks.classes else {
            throw DataError(
                .configuration, path: tasks.validationClasses > 0 ? "tasks.validationClasses" : "tasks.newClasses",
                expected:
                    "at least \(tasks.classes) of \(loaded.name)'s \(loaded.classCount) classes for training tasks",
                found: "\(seen.count)")
        }
        return (Set(new), Set(validation), Set(seen))
    }

    /// All sets of `tasks.classes` classes, in lexicographic order.
    private static func sets(of loaded: LoadedDataset, _ tasks: ZooRecipe.Tasks) throws -> [[Int]] {
        let (count, limit) = (loaded.classCount, 100_000)
        var sets: [[Int]] = [[]]
        var size = 1
        for chosen in 0..<tasks.classes where size > 0 && size <= limit {
            size = size * max(0, count - chosen) / (chosen + 1)
            if size <= limit {
                sets = sets.flatMap { set in ((set.last ?? -1) + 1..<count).map { set + [$0] } }
            }
        }
        guard size > 0, size <= limit else {
            throw DataError(
                .configuration, path: "tasks.classes",
                expected: "at most the \(count) classes of \(loaded.name), and at most \(limit) tasks",
                found: "\(tasks.classes)")
        }
        return sets
    }
}
