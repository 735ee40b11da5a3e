import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Facts under names that mean something to a zoo file")
struct SettledColumnsTests {
    private func settled(
        _ columns: [String: ZooColumn], percent: Bool = false
    ) throws -> SettledColumns {
        var all = ZooColumns(count: columns.values.first?.count ?? 0)
        for (name, column) in columns { all[name] = column }
        return try SettledColumns(all, percent: percent, place: "here")
    }

    @Test("People's words for the three splits become 0, 1 and 2, with a note; a gap stays one")
    func words() throws {
        let found = try settled(["split": .text(["train", "Training", "val", "valid", "dev", "TEST", " test ", ""])])
        #expect(found.columns["split"] == .integer([0, 0, 1, 1, 1, 2, 2, -1]))
        #expect(found.notes.count == 1)
    }

    @Test(
        "Numbers that are the three codes are kept, of whatever kind",
        arguments: [
            ZooColumn.integer([0, 2, -1]), .real([0, 2, .nan]), .text(["0", "2", ""]), .text(["train", "2", ""]),
        ])
    func codes(_ column: ZooColumn) throws {
        #expect(try settled(["split": column]).columns["split"] == .integer([0, 2, -1]))
        #expect(try settled(["split": .unsigned([1, 2])]).columns["split"] == .integer([1, 2]))
    }

    @Test(
        "Anything else goes by another name, with a note that says what was found",
        arguments: [
            (ZooColumn.integer([0, 1, 2, 3]), "3"), (.text(["a", "train"]), "a"), (.real([0.5]), "0.5"),
            (.integer([-2]), "-2"), (.real([1e300]), "1e+300"), (.unsigned([.max]), "18446744073709551615"),
        ])
    func others(_ column: ZooColumn, _ says: String) throws {
        let found = try settled(["split": column])
        #expect(found.columns["split"] == nil && found.columns["source_split"] == column)
        #expect(found.notes.count == 1 && found.notes[0].contains(says), "\(found.notes)")
    }

    @Test("A name that is taken is not taken twice")
    func taken() throws {
        let found = try settled(["split": .text(["x"]), "source_split": .text(["y"])])
        #expect(found.columns["source_split"] == .text(["y"]) && found.columns["source_split_"] == .text(["x"]))
    }

    @Test("Seeds, epochs and steps that are words go by another name; numbers and names of tasks stay")
    func numbers() throws {
        let found = try settled(["seed": .text(["a", "b"]), "task": .text(["x", "y"]), "epoch": .real([1.5, 2])])
        #expect(found.columns.names == ["epoch", "source_seed", "task"] && found.notes.count == 1)
    }

    @Test(
        "Accuracies in per cent are fractions by any usual name, with a note",
        arguments: [
            "acc", "top1", "val_acc", "test_acc", "accuracy", "testAccuracy", "valid/top1", "best_acc1", "acc@5",
        ])
    func percent(_ name: String) throws {
        let found = try settled([name: .real([91, .nan, 10])])
        #expect(found.columns.numbers(name).map { $0[0] == 0.91 && $0[1].isNaN && $0[2] == 0.1 } == true)
        #expect(found.notes.count == 1 && found.notes[0].contains("per cent"))
        #expect(try settled([name: .real([0.9, 1, 0])]).columns[name] == .real([0.9, 1, 0]))
        #expect(try settled([name: .integer([91, 10])]).columns[name] == .real([0.91, 0.1]))
        #expect(try settled([name: .real([0.5, 0.25])], percent: true).columns[name] == .real([0.005, 0.0025]))
    }

    @Test(
        "A fraction among per cents is refused, unless it is said to be per cent too",
        arguments: [[0.97, 96, 95], [96, 1, 95], [.nan, 0.5, 80]])
    func mixed(_ values: [Double]) throws {
        let error = dataError { _ = try settled(["acc": .real(values)]) }
        #expect(error?.description.contains("per cent") == true && error?.hint.contains("--percent") == true)
        #expect(try settled(["acc": .real(values)], percent: true).columns.numbers("acc")?.last == values[2] / 100)
        #expect(try settled(["acc": .real([0, 96, 95])]).columns["acc"] == .real([0, 0.96, 0.95]))
        #expect(try settled(["acc": .real([0.8, 2, 3])]).columns["acc"] == .real([0.008, 0.02, 0.03]))
    }

    @Test("What only sounds like an accuracy is left alone", arguments: ["grad_acc", "accumulate", "top", "laccase"])
    func others(_ name: String) throws {
        let found = try settled([name: .integer([4, 8])])
        #expect(found.columns[name] == .integer([4, 8]) && found.notes.isEmpty)
    }

    @Test(
        "Values that are neither fractions nor per cent are refused",
        arguments: [[-0.1, 0.5], [0.97, 97, 0.9], [500]])
    func neither(_ values: [Double]) throws {
        let error = dataError { _ = try settled(["test_acc": .real(values)]) }
        #expect(error?.kind == .malformed && error?.description.contains("test_acc") == true)
    }

    @Test("An imported zoo with words for splits can be read, by split")
    func imported() throws {
        let networks = ["train", "test", "val"].enumerated().map {
            smallNetwork(Float($0), facts: ["split": .text($1)])
        }
        let zoo = try importedZoo(ListSource(networks: networks))
        #expect(zoo.rows(in: .train) == [0] && zoo.rows(in: .test) == [1] && zoo.rows(in: .validation) == [2])
    }
}

/// The zoo that comes of a source.
private func importedZoo(_ source: ListSource) throws -> Zoo {
    try DatasetFolder.with { folder in
        let path = "\(folder.path)/z.h5"
        _ = try ZooImport(architecture: smallArchitecture).write(source, root: "/there", to: path)
        return try ZooReader(path: path).readAll()
    }
}
