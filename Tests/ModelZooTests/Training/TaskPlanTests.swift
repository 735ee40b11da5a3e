import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Which tasks a zoo has")
struct TaskPlanTests {
    private func tasks(_ change: (inout ZooRecipe.Tasks) -> Void) throws -> [ZooTask] {
        let digits = try TrainingSamples.catalog.load("digits")
        var recipe = ZooRecipe()
        recipe.tasks.classes = 2
        change(&recipe.tasks)
        return try recipe.plannedTasks { _ in digits }
    }

    private func sets(_ tasks: [ZooTask], _ part: ZooTask.Purpose) -> Set<Set<String>> {
        Set(tasks.filter { $0.part == part }.map { Set($0.classes.keys) })
    }

    @Test("Without a number all combinations are tasks, once; another key draws others")
    func drawing() throws {
        let all = try tasks { _ in }
        #expect(all.count == 45 && sets(all, .training).count == 45)
        #expect(try tasks { $0.classes = 3 }.count == 120)
        let drawn = try tasks { $0.count = 6 }
        #expect(drawn.count == 6 && Set(drawn).isSubset(of: Set(all)))
        #expect(try tasks { ($0.count, $0.seed) = (6, 1) } != drawn)
        #expect(try tasks { $0.datasets = ["a", "b"] } == all + all)
    }

    @Test("A task's rows are its own: how many other tasks are drawn changes none of them")
    func rows() throws {
        let some = try tasks { ($0.count, $0.samples) = (6, 20) }
        #expect(Set(some).isSubset(of: Set(try tasks { $0.samples = 20 })))
    }

    @Test("The order of outputs is drawn: a class is each output about equally often, and names say the order")
    func order() throws {
        let all = try tasks { $0.classes = 3 }
        let firsts = all.count { task in task.classes.min { Int($0.key) ?? 0 < Int($1.key) ?? 0 }?.value == 0 }
        #expect((20...60).contains(firsts), "40 of 120 are expected, with a deviation of 5")
        for task in all {
            let inOrder = task.classes.sorted { $0.value < $1.value }.map(\.key)
            #expect(task.name == "digits \(inOrder.joined(separator: "-"))")
        }
    }

    @Test("More tasks than combinations are the same ones with other orders, each order once")
    func again() throws {
        let all = try tasks { ($0.classes, $0.newClasses, $0.count) = (3, 6, 4 * 6) }
        #expect(sets(all, .training).count == 4 && Set(all.filter { $0.part == .training }.map(\.name)).count == 24)
        let error = dataError { _ = try tasks { ($0.classes, $0.newClasses, $0.count) = (3, 6, 25) } }
        #expect(error?.path == "tasks.count" && error?.found == "25")
    }

    @Test("No combination is in two parts, whatever the view; new classes are in no training task")
    func parts() throws {
        let all = try tasks {
            ($0.classes, $0.new, $0.validation, $0.newClasses) = (3, 5, 4, 3)
            ($0.turns, $0.mirrored, $0.inverted) = ([0, 1, 2, 3], true, true)
        }
        #expect(all.count == 16 * 36)
        let parts = [ZooTask.Purpose.training, .validation, .newCombination, .newClasses].map { sets(all, $0) }
        #expect(parts.map(\.count) == [26, 4, 5, 1])
        #expect(parts.reduce(0) { $0 + $1.count } == parts.reduce(Set()) { $0.union($1) }.count)
        let new = parts[3].reduce(Set()) { $0.union($1) }
        for part in parts[..<3] { #expect(part.allSatisfy { new.isDisjoint(with: $0) }) }
        #expect(Set(all.map { $0.view ?? .plain }).count == 16)
    }

    @Test("Mixed training tasks have a view for each class, drawn for the task; the other tasks stay as they are")
    func mixed() throws {
        func drawn(_ change: (inout ZooRecipe.Tasks) -> Void) throws -> [ZooTask] {
            try tasks {
                ($0.classes, $0.new, $0.validation, $0.newClasses, $0.count) = (3, 5, 4, 3, 100)
                ($0.turns, $0.mirrored) = ([0, 1, 2, 3], true)
                change(&$0)
            }
        }
        let (plain, mixed) = (try drawn { _ in }, try drawn { $0.mixed = true })
        func training(_ tasks: [ZooTask]) -> [ZooTask] { tasks.filter { $0.part == .training } }
        #expect(mixed.filter { $0.part != .training } == plain.filter { $0.part != .training })
        #expect(training(mixed).map(\.classes) == training(plain).map(\.classes), "the same rows and orders")
        let views = try training(mixed).map { try #require($0.views) }
        #expect(zip(views, training(mixed)).allSatisfy { Set($0.keys) == Set($1.classes.keys) && $1.view == nil })
        #expect(Set(views.flatMap(\.values)).count == 8 && views.contains { Set($0.values).count == 3 })
        #expect(Set(training(mixed).map(\.name)).count == 100)
        #expect(training(mixed).contains { $0.name.contains(" turned 90-") })
        let more = try drawn { ($0.mixed, $0.count) = (true, 26 * 8 * 6 + 10) }
        #expect(training(more).count == 1258, "more than there are orders of all combinations and views")
        #expect(try drawn { $0.mixed = true } == mixed)
    }

    @Test("Classes for validation are in validation tasks alone; the new classes are the same with and without them")
    func validationClasses() throws {
        func classes(_ sets: Set<Set<String>>) -> Set<String> { sets.reduce(Set()) { $0.union($1) } }
        let without = try tasks { ($0.classes, $0.newClasses) = (3, 3) }
        let all = try tasks {
            ($0.classes, $0.new, $0.validation, $0.newClasses, $0.validationClasses) = (3, 3, 1, 3, 2)
        }
        let parts = [ZooTask.Purpose.training, .validation, .newCombination, .newClasses].map { sets(all, $0) }
        #expect(parts.map(\.count) == [6, 1 + 5, 3, 1], "both classes and each of the five others, one of these alone")
        #expect(parts[3] == sets(without, .newClasses))
        let seen = classes(parts[0].union(parts[2]))
        let kept = classes(parts[1]).subtracting(seen)
        #expect(seen.count == 5 && kept.count == 2 && classes(parts[3]).isDisjoint(with: seen.union(kept)))
        #expect(parts[1].count { $0.isSuperset(of: kept) } == 5)
        let few = try tasks { ($0.classes, $0.newClasses, $0.validationClasses) = (3, 1, 2) }
        #expect(classes(sets(few, .newClasses)).count == 1 + 7, "seen classes fill them up, none for validation")
    }

    @Test("Tasks of more classes than are new hold all the new ones; a limit draws some of them")
    func few() throws {
        let all = try tasks { ($0.classes, $0.newClasses, $0.new) = (3, 2, 6) }
        #expect(sets(all, .newClasses).count == 8, "the two with any of the other eight")
        let some = try tasks { ($0.classes, $0.newClasses, $0.new, $0.most) = (3, 2, 6, 4) }
        #expect(some.count { $0.part == .newClasses } == 4 && some.count { $0.part == .newCombination } == 4)
        #expect(Set(some).isSubset(of: Set(all)))
    }

    @Test("What cannot be drawn is refused, with the key")
    func refusals() throws {
        #expect(dataError { _ = try tasks { $0.new = 45 } }?.path == "tasks.new")
        #expect(dataError { _ = try tasks { ($0.new, $0.validation) = (40, 5) } }?.path == "tasks.validation")
        #expect(dataError { _ = try tasks { $0.classes = 11 } }?.path == "tasks.classes")
        let kept = dataError { _ = try tasks { ($0.newClasses, $0.validationClasses) = (5, 4) } }
        #expect(
            kept?.path == "tasks.validationClasses" && kept?.found == "1" && kept?.expected.contains("2 of") == true)
        let few = dataError { _ = try tasks { $0.newClasses = 9 } }
        #expect(few?.path == "tasks.newClasses" && few?.found == "1" && few?.expected.contains("2 of") == true)
        let iris = try TrainingSamples.catalog.load("iris")
        var recipe = ZooRecipe()
        (recipe.tasks.classes, recipe.tasks.turns) = (2, [0, 1])
        #expect(dataError { _ = try recipe.plannedTasks { _ in iris } }?.path == "tasks.turns")
        #expect(recipe.tasks.views.count == 2)
        recipe.tasks.turns = [1, 1]
        #expect(recipe.problems().contains { $0.path == "tasks.turns" })
    }
}
