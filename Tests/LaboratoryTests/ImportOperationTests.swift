import Foundation
import ModelZoo
import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Formats
@testable import Laboratory

@Suite("Importing networks with their data set")
struct ImportOperationTests {
    private let architecture = #"{"kind":"mlp","widths":[64,6,10],"activation":"relu"}"#
    private let digits = #"{"name":"digits","scale":0.0625,"split":{"validation":0.2,"test":0.2,"seed":0}}"#

    /// Ten networks as a flat matrix at `flat.h5`.
    private func flat(in scratch: ScratchFolder) throws {
        try ZooWriter.write(Small.zoo(10), to: scratch.file("made.h5").path)
        let export = ExportOperation(
            path: scratch.file("made.h5").path, format: .flatHDF5, out: scratch.file("flat.h5"))
        _ = try export.execute(Quiet())
    }

    private func imported(
        _ scratch: ScratchFolder, _ change: (inout ImportOperation) -> Void = { _ in }
    ) throws -> Zoo {
        var work = ImportOperation(source: scratch.file("flat.h5").path, out: scratch.file("zoo.h5"))
        (work.architecture, work.dataset, work.catalog) = (architecture, digits, Small.catalog)
        work.replaces = true
        change(&work)
        _ = try work.execute(Quiet())
        return try ZooReader(path: scratch.file("zoo.h5").path).readAll()
    }

    @Test("an imported zoo can be judged, evaluated beside itself and verified")
    func judged() throws {
        let scratch = try ScratchFolder()
        try flat(in: scratch)
        let zoo = try imported(scratch)
        let path = scratch.file("zoo.h5").path
        #expect(zoo.weights == Small.zoo(10).weights && zoo.header.dataset?.sha256 != nil)
        let data = try JudgingData(zoo, path: path, catalog: Small.catalog)
        #expect(data.doubt?.contains("drawn network by network") == true && data.validation != nil)
        #expect(data.rows.train.count == 7 && data.rows.fresh.count == 2)
        let rows = try EvaluateOperation(path: path, dataset: nil, zoo: path, catalog: Small.catalog).execute().rows
        #expect(rows.prefix(3).map(\.population.what) == ["zoo", "fresh", "generated"])
        #expect(rows.dropFirst(3).allSatisfy { if case .baseline = $0.population { true } else { false } })
        let reached = Classifier(Small.network).accuracies(
            zoo.population(), inputs: data.test.inputs, labels: data.test.labels)
        #expect(abs(rows[2].testAccuracy.mean - reached.reduce(0, +) / 10) < 1e-12)
        let found = try ZooVerifier(catalog: Small.catalog).verify(ZooReader(path: path))
        #expect(found.isGood)
    }

    @Test("a name alone says nothing of the division: judging says that it is doubtful")
    func nameAlone() throws {
        let scratch = try ScratchFolder()
        try flat(in: scratch)
        let zoo = try imported(scratch) { $0.dataset = "digits" }
        #expect(zoo.header.dataset?.scale == [0.0625] && zoo.header.dataset?.split == nil)
        #expect(try JudgingData(zoo, path: "zoo.h5", catalog: Small.catalog).doubt != nil)
    }

    @Test("what was assumed of the data is said with what the first networks reach, and what looks wrong")
    func checked() throws {
        let scratch = try ScratchFolder()
        try flat(in: scratch)
        var work = ImportOperation(source: scratch.file("flat.h5").path, out: scratch.file("zoo.h5"))
        (work.architecture, work.dataset, work.catalog) = (architecture, "digits", Small.catalog)
        let report = try work.execute(Quiet())
        let data = try #require(report.data)
        #expect(data.networks == 10 && report.notes.contains(data.description))
        #expect(report.warnings == data.warnings)
        let json = try Tree(encoding: report)
        #expect(json["data"]?["accuracy"]?.number == data.accuracy && json["warnings"] != nil)
        var plain = ImportOperation(source: scratch.file("flat.h5").path, out: scratch.file("plain.h5"))
        plain.architecture = architecture
        #expect(try plain.execute(Quiet()).data == nil)
    }

    @Test(
        "without an architecture the one that fits is named, and nothing is said of accuracies that nobody can measure")
    func architectureLeftOut() throws {
        let scratch = try ScratchFolder()
        try flat(in: scratch)
        let export = ExportOperation(
            path: scratch.file("made.h5").path, format: .safetensors, out: scratch.file("networks"))
        _ = try export.execute(Quiet())
        var work = ImportOperation(source: scratch.file("networks").path, out: scratch.file("zoo.h5"))
        (work.dataset, work.catalog) = ("digits", Small.catalog)
        let report = try work.execute(Quiet())
        #expect(report.data == nil && report.warnings.isEmpty, "\(report.warnings)")
        #expect(report.notes.contains { $0.contains("--architecture") })
    }

    @Test("a table that lacks a class is judged as the outputs are, and says so by the classes that it records")
    func lackingClass() throws {
        let scratch = try ScratchFolder()
        try flat(in: scratch)
        let digits = try Small.catalog.load("digits")
        let rows = (0..<200).filter { digits.labels[$0] != 7 }
        let table = rows.map { row in
            digits.rawInputs(rows: [row]).map { "\($0)," }.joined() + "\(digits.labels[row])\n"
        }.joined()
        try scratch.put("no7.csv", table)
        let path = scratch.file("no7.csv").path
        let zoo = try imported(scratch) {
            $0.dataset = "{\"name\":\"\(path)\",\"scale\":0.0625,\"split\":{\"test\":\(Array(rows.indices))}}"
        }
        #expect(zoo.header.dataset?.classes == (0..<10).map(String.init))
        let row = try #require(
            EvaluateOperation(path: scratch.file("zoo.h5").path, dataset: nil, zoo: nil, catalog: Small.catalog)
                .execute().rows.first)
        let whole = try digits.prepared(rows: rows, .sixteenths)
        let reached = Classifier(Small.network).accuracies(
            zoo.population(), inputs: whole.tensor, labels: whole.labels)
        #expect(abs(row.testAccuracy.mean - reached.reduce(0, +) / 10) < 1e-12)
    }

    @Test(
        "a description with numbers that are none, or of other values than the data's, is refused in one sentence",
        arguments: [
            (#"{"name":"digits","scale":1e400}"#, "finite number for scale"),
            (#"{"name":"digits","split":{"test":.inf}}"#, "finite number for split.test"),
            (#"{"name":"digits","mean":0.5,"std":0.5}"#, "--dataset: mean: mean and std are of x / 255"),
        ])
    func badNumbers(_ description: String, _ says: String) throws {
        let scratch = try ScratchFolder()
        try flat(in: scratch)
        let error = try requireDataError { _ = try imported(scratch) { $0.dataset = description } }
        #expect(error.kind == .configuration && error.description.contains(says), "\(error)")
        #expect(error.description.components(separatedBy: "--dataset").count == 2, "\(error)")
    }

    @Test("a table with other columns than the networks have inputs is refused by the columns' names")
    func columns() throws {
        let scratch = try ScratchFolder()
        try flat(in: scratch)
        try scratch.put("t.csv", "height,width,age,kind\n1,2,3,0\n4,5,6,1\n")
        let path = scratch.file("t.csv").path
        let error = try requireDataError { _ = try imported(scratch) { $0.dataset = path } }
        #expect(error.description.contains("3 columns besides the class ('height' to 'age')"), "\(error)")
    }

    @Test("descriptions may stand in files, YAML or JSON")
    func files() throws {
        let scratch = try ScratchFolder()
        try flat(in: scratch)
        try scratch.put("digits.json", digits)
        try scratch.put(
            "digits.yaml", "name: digits\nscale: 0.0625\nsplit: {validation: 0.2, test: 0.2, seed: 0}\n")
        let expected = try imported(scratch).header.dataset
        for name in ["digits.json", "digits.yaml"] {
            #expect(try imported(scratch) { $0.dataset = scratch.file(name).path }.header.dataset == expected)
        }
    }

    @Test(
        "data that does not fit the networks, or is not there, is refused before anything is written",
        arguments: [
            ("iris", DataError.Kind.malformed, "4 inputs"), ("dijits", .missing, "dijits"),
            ("{}", .configuration, "name"),
            ("nowhere.yaml", .missing, "nowhere.yaml"),
        ])
    func refused(_ dataset: String, _ kind: DataError.Kind, _ says: String) throws {
        let scratch = try ScratchFolder()
        try flat(in: scratch)
        let error = try requireDataError { _ = try imported(scratch) { $0.dataset = dataset } }
        #expect(error.kind == kind && error.description.contains(says), "\(error)")
        #expect(!scratch.names.contains("zoo.h5"))
    }

    @Test("nothing that is read is replaced: the source, a file of a source folder, a description")
    func overwriting() throws {
        let scratch = try ScratchFolder()
        try flat(in: scratch)
        try scratch.put("net.json", architecture)
        try scratch.put("digits.json", digits)
        try FileManager.default.createDirectory(at: scratch.file("runs"), withIntermediateDirectories: true)
        try FileManager.default.copyItem(at: scratch.file("flat.h5"), to: scratch.file("runs/a.h5"))
        let before = try Data(contentsOf: scratch.file("flat.h5"))
        for (source, out) in [
            ("flat.h5", "flat.h5"), ("runs", "runs/a.h5"), ("flat.h5", "net.json"), ("flat.h5", "digits.json"),
        ] {
            var work = ImportOperation(source: scratch.file(source).path, out: scratch.file(out))
            (work.architecture, work.dataset) = (scratch.file("net.json").path, scratch.file("digits.json").path)
            work.catalog = Small.catalog
            let error = try requireDataError { _ = try work.execute(Quiet()) }
            #expect(error.kind == .configuration && error.path == "--out", "\(error)")
        }
        #expect(try Data(contentsOf: scratch.file("flat.h5")) == before)
        #expect(try scratch.text("net.json") == architecture)
    }

    @Test(
        "exporting does not replace the zoo that it reads, nor training its recipe",
        arguments: [
            ZooFormat.flatHDF5, .npz, .zoo,
        ])
    func exportOverItself(_ format: ZooFormat) throws {
        let scratch = try ScratchFolder()
        try ZooWriter.write(Small.zoo(3), to: scratch.file("zoo.h5").path)
        let before = try Data(contentsOf: scratch.file("zoo.h5"))
        let work = ExportOperation(path: scratch.file("zoo.h5").path, format: format, out: scratch.file("zoo.h5"))
        #expect(try requireDataError { _ = try work.execute(Quiet()) }.path == "--out")
        #expect(try Data(contentsOf: scratch.file("zoo.h5")) == before)
        try scratch.put("recipe.yaml", "widths: [64, 4, 10]\n")
        let training = TrainOperation(
            recipe: scratch.file("recipe.yaml").path, settings: [], out: scratch.file("recipe.yaml"),
            catalog: Small.catalog)
        #expect(try requireDataError { _ = try training.execute(Quiet()) }.path == "--out")
        #expect(try scratch.text("recipe.yaml") == "widths: [64, 4, 10]\n")
    }

    @Test("rows are listed by numbers and ranges, in the order asked for")
    func rows() throws {
        #expect(try ExportOperation.list("0", count: 1) == [0])
        #expect(try ExportOperation.list("4,0-2,2", count: 5) == [4, 0, 1, 2, 2])
        for text in ["", "5", "-1", "2-1", "1-", "a", "0,,1", "0-2-3", "9999999999999999999999"] {
            let error = try requireDataError { _ = try ExportOperation.list(text, count: 5) }
            #expect(error.kind == .configuration && error.path == "--rows", "\(text)")
        }
    }

    @Test("rows and a split together: the rows of the list that are in the split")
    func split() throws {
        let scratch = try ScratchFolder()
        try ZooWriter.write(Small.zoo(6, split: [0, 2, 0, 2, 1, 2]), to: scratch.file("zoo.h5").path)
        var work = ExportOperation(path: scratch.file("zoo.h5").path, format: .zoo, out: scratch.file("part.h5"))
        (work.rows, work.split) = ("5,0-3", .test)
        #expect(try work.execute(Quiet()).networks == 3)
        let (whole, part) = (Small.zoo(6), try ZooReader(path: scratch.file("part.h5").path).readAll())
        #expect(part.weights == [5, 1, 3].flatMap { Array(whole.row($0)) })
        try ZooWriter.write(Small.zoo(2), to: scratch.file("plain.h5").path)
        var none = ExportOperation(path: scratch.file("plain.h5").path, format: .zoo, out: scratch.file("none.h5"))
        none.split = .test
        #expect(try requireDataError { _ = try none.execute(Quiet()) }.hint.contains("zoo split"))
    }
}

/// Reports nothing.
private struct Quiet: ProgressReporter {
    func update(_ what: String, done: Int, total: Int) {}
    func note(_ text: String, isDetail: Bool) {}
}
