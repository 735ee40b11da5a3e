import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Import into zoo files")
struct ZooImportTests {
    private let slots = smallArchitecture.layout.count

    /// Imports networks and reads the zoo file.
    private func imported(
        _ source: any ForeignSource, _ work: ZooImport, root: String = "/there/source"
    ) throws -> (report: ZooImport.Report, reader: ZooReader, bytes: Data) {
        try withFolder { (folder: String) throws in
            let report = try work.write(source, root: root, to: "\(folder)/z.h5")
            let reader = try ZooReader(path: "\(folder)/z.h5")
            _ = try reader.readAll()
            return (report, reader, try bytes("\(folder)/z.h5"))
        }
    }

    @Test("networks of an architecture, with facts and places")
    func plain() throws {
        let networks = (0..<3).map { smallNetwork(Float($0), prefix: "module.", facts: ["seed": .integer($0 + 5)]) }
        let source = ListSource(networks: networks)
        let (report, reader, _) = try imported(source, ZooImport(architecture: smallArchitecture))
        let zoo = try reader.readAll()
        #expect(zoo.weights == (0..<3).flatMap { start in (0..<slots).map { Float(start + $0) } })
        #expect(zoo.header.architecture == smallArchitecture && zoo.buffers == nil && reader.checkpoints == nil)
        #expect(zoo.columns["seed"] == .unsigned([5, 6, 7]) && zoo.columns["source"] == .text(["net", "net", "net"]))
        #expect(report.networks == 3 && report.checkpoints == 3 && report.parameters == slots && report.notes == [])
    }

    @Test("without an architecture the file's own layout is kept, with statistics as buffers")
    func ownLayout() throws {
        let source = ListSource(
            networks: (0..<2).map { index in
                ForeignNetwork([
                    ("model.bn.weight", [2], [1, 2]), ("model.bn.running_mean", [2], [Float(index), 4]),
                    ("model.bn.num_batches_tracked", [], [9]), ("model.fc.weight", [1, 2], [5, 6]),
                ])
            })
        let zoo = try imported(source, ZooImport()).reader.readAll()
        #expect(zoo.layout.slots.map(\.name) == ["bn.weight", "fc.weight"] && zoo.header.architecture == nil)
        #expect(zoo.weights == [1, 2, 5, 6, 1, 2, 5, 6] && zoo.buffers == [0, 4, 1, 4])
    }

    @Test("facts of the source that bear a name of ours are kept under another; equal networks are told")
    func ownNames() throws {
        let facts: [String: ColumnValue] = ["source": .text("lab"), "run": .integer(7), "selected": .integer(1)]
        let source = ListSource(networks: [smallNetwork(0, facts: facts), smallNetwork(0, facts: facts)])
        let (report, reader, _) = try imported(source, ZooImport(architecture: smallArchitecture))
        #expect(reader.columns["source"] == .text(["net", "net"]) && reader.columns["selected"] == nil)
        #expect(reader.columns["source_source"] == .text(["lab", "lab"]))
        #expect(reader.columns["source_run"] == .integer([7, 7]))
        #expect(report.notes.count { $0.contains("is recorded as source_") } == 3)
        #expect(report.notes.contains { $0.hasPrefix("1 network is equal byte for byte") })
    }

    @Test("a file of running statistics alone is no network")
    func statisticsOnly() throws {
        let source = ListSource(networks: [ForeignNetwork([("bn.running_mean", [2], [1, 4])])])
        #expect(throws: DataError.self) { try imported(source, ZooImport()) }
    }

    @Test("runs of unequal length become trajectories padded with -1")
    func trajectories() throws {
        let networks = [
            smallNetwork(0, run: "a", step: 0), smallNetwork(1, run: "a", step: 5), smallNetwork(2, run: "a", step: 9),
            smallNetwork(10, run: "b", step: 5, facts: ["test_accuracy": .real(0.5)]),
        ]
        let source = ListSource(longestRun: 3, networks: networks)
        try withFolder { (folder: String) throws in
            let path = "\(folder)/z.h5"
            _ = try ZooImport(architecture: smallArchitecture).write(source, root: "/there/x", to: path)
            let reader = try ZooReader(path: path)
            #expect(try reader.readAll().weights[0] == 2 && reader.count == 2 && reader.checkpoints == 3)
            #expect(reader.columns["selected"] == .integer([2, 0]) && reader.columns["epoch"] == .integer([9, 5]))
            let first = try #require(try reader.trajectory(network: 0))
            #expect(first.steps == [0, 5, 9])
            #expect([0, 1, 2].map { first.weights[$0 * slots] } == [0, 1, 2])
            let second = try #require(try reader.trajectory(network: 1))
            #expect(second.steps == [5, -1, -1] && second.weights[0] == 10)
            #expect(reader.columns["run"] == .text(["a", "b"]))
        }
        var work = ZooImport(architecture: smallArchitecture)
        work.checkpoints = .last
        let last = try imported(source, work).reader
        #expect(last.checkpoints == nil && last.count == 2)
        #expect(try last.readAll().weights[0] == 2)
        work.checkpoints = .each
        let each = try imported(source, work).reader
        #expect(each.count == 4 && each.columns["epoch"] == .integer([0, 5, 9, 5]))
    }

    @Test("numbers that are not finite are refused, or their networks left out and counted")
    func notFinite() throws {
        var bad = smallNetwork(0)
        bad.tensors[1].values = ForeignValues(floats: [1, .nan, 3])
        let source = ListSource(networks: [smallNetwork(0), bad, smallNetwork(1)])
        var work = ZooImport(architecture: smallArchitecture)
        let error = dataError { _ = try imported(source, work) }
        #expect(error?.kind == .malformed && error?.found == "nan in layers.0.bias" && error?.path == "/there/net")
        #expect(error?.hint.contains("--drop-non-finite") == true)
        work.dropsNonFinite = true
        let (report, reader, _) = try imported(source, work)
        #expect(report.dropped == 1 && report.networks == 2)
        #expect(try reader.readAll().weights[slots] == 1)
        #expect(dataError { _ = try imported(ListSource(networks: [bad]), work) }?.found == "1, none of them finite")
        // A double that single precision cannot hold is not finite either.
        var large = smallNetwork(0)
        let bytes = [1e300, 0, 0].flatMap { (value: Double) in withUnsafeBytes(of: value) { Array($0) } }
        large.tensors[1].values = ForeignValues(bytes: bytes, element: .float64)
        let overflow = dataError { _ = try imported(ListSource(networks: [large]), ZooImport()) }
        #expect(overflow?.found == "inf in layers.0.bias")
    }

    @Test("tensors that are no weights: optimizers, counters, whole numbers, and what shall be skipped")
    func otherTensors() throws {
        var network = smallNetwork(3, prefix: "model.")
        let extra = ForeignTensor(name: "optimizer.state.0.exp_avg", shape: [1], values: ForeignValues(floats: [1]))
        network.tensors.append(extra)
        let work = ZooImport(architecture: smallArchitecture)
        #expect(try imported(ListSource(networks: [network]), work).reader.readAll().weights[0] == 3)
        let ids = ForeignTensor(name: "model.ids", shape: [1], values: ForeignValues(bytes: [7], element: .uint8))
        network.tensors.append(ids)
        let error = dataError { _ = try imported(ListSource(networks: [network]), work) }
        #expect(error?.found == "model.ids [1] of uint8" && error?.hint == "--skip model.ids leaves it out")
        var skipping = work
        skipping.skipped = ["*.ids"]
        #expect(try imported(ListSource(networks: [network]), skipping).report.networks == 1)
        skipping.skipped = ["*.ids", "optimizer.*", "nothere", "model.id"]
        #expect(
            try imported(ListSource(networks: [network]), skipping).report.notes
                == ["nothere", "model.id"].map {
                    "--skip \($0) left nothing out: no tensor is named so"
                })
    }

    @Test("an order for vectors is refused where tensors have names, and a choice of arrays where there are none")
    func useless() throws {
        var work = ZooImport(architecture: smallArchitecture)
        work.flatOrder = .weightsFirst
        let order = dataError { _ = try imported(ListSource(networks: [smallNetwork(0)]), work) }
        #expect(order?.kind == .configuration && order?.path == "--order" && order?.found.contains("4 tensors") == true)
        for name in ["types.safetensors", "keras2-model.h5", "runs", "ray", "small-cnn", "numpy/fortran.npy"] {
            let error = dataError { _ = try ZooSources(array: "nope").open(formatFixture(name)).all() }
            #expect(error?.kind == .configuration && error?.path == "--array", "\(name)")
        }
        #expect(try ZooSources(array: "second").open(formatFixture("flat-two.h5")).all().count == 3)
    }

    @Test("a .keras file is read as the archive that it is")
    func kerasArchive() throws {
        try withFolder { (folder: String) throws in
            var archive = try ZipWriter(path: "\(folder)/m.keras")
            for name in ["metadata.json", "config.json", "model.weights.h5"] { try archive.add(name, [0x7B, 0x7D]) }
            try archive.finish()
            let error = dataError { _ = try ZooSources().open("\(folder)/m.keras").all() }
            #expect(error?.path == "\(folder)/m.keras, model.weights.h5")
        }
    }

    @Test("tensors that stand beside a network's are refused and named, or skipped")
    func beside() throws {
        var network = smallNetwork(0)
        network.beside = ["head.weight", "head.bias", "mask"]
        var work = ZooImport(architecture: smallArchitecture)
        let error = dataError { _ = try imported(ListSource(networks: [network]), work) }
        #expect(error?.found == "others beside them: head.weight, head.bias, mask")
        #expect(error?.kind == .malformed && error?.hint.hasPrefix("--skip \"head.*\" leaves them out") == true)
        work.skipped = ["head.*"]
        let second = dataError { _ = try imported(ListSource(networks: [network]), work) }
        #expect(second?.found == "others beside them: mask")
        work.skipped.append("mask")
        #expect(try imported(ListSource(networks: [network]), work).report.networks == 1)
    }

    @Test("modules are kept whatever they are called; a nested checkpoint's optimizer is passed over, and told of")
    func namesOfModules() throws {
        let names = ["scaler.weight", "scheduler.weight", "optimizer.weight", "fc.weight"]
        let flat = ForeignNetwork(names.map { ($0, [2], [1, 2]) })
        #expect(try imported(ListSource(networks: [flat]), ZooImport()).report.parameters == 8)
        let nested = ForeignNetwork(["model.w", "optimizer.state.0.exp_avg"].map { ($0, [1, 2], [1, 2]) })
        let report = try imported(ListSource(networks: [nested, nested]), ZooImport()).report
        #expect(report.parameters == 2)
        #expect(report.notes.count { $0 == "tensors under optimizer are no network's and were passed over" } == 1)
        let modules = ForeignNetwork(["model.w", "scaler.w"].map { ($0, [1, 2], [1, 2]) })
        #expect(try imported(ListSource(networks: [modules]), ZooImport()).report.parameters == 4)
    }

    @Test("without an architecture, tensors that stand in no layer are named, with the option that leaves them out")
    func oddOnes() throws {
        let layers: [(String, [Int], [Float])] = [
            ("fc1.weight", [3, 4], [Float](repeating: 1, count: 12)), ("fc1.bias", [3], [1, 2, 3]),
            ("fc2.weight", [2, 3], [Float](repeating: 1, count: 6)), ("fc2.bias", [2], [1, 2]),
        ]
        let odd: [(String, [Int], [Float])] = [("criterion.weight", [2], [1, 2]), ("mean", [4], [0, 0, 0, 0])]
        let notes = try imported(ListSource(networks: [ForeignNetwork(layers + odd)]), ZooImport()).report.notes
        let told =
            "criterion.weight, mean stand in no layer, and were taken as weights: where the network does not compute "
            + "with them, --skip criterion.weight --skip mean leaves them out"
        #expect(notes.contains { $0.hasPrefix(told) }, "\(notes)")
        var work = ZooImport()
        work.skipped = ["criterion.weight", "mean"]
        let skipped = try imported(ListSource(networks: [ForeignNetwork(layers + odd)]), work).report
        #expect(skipped.parameters == 23 && !skipped.notes.contains { $0.contains("no layer") })
        let bare = ForeignNetwork([("W1", [3, 4], [Float](repeating: 1, count: 12)), ("b1", [3], [1, 2, 3])])
        let others = try imported(ListSource(networks: [bare]), ZooImport()).report.notes
        #expect(!others.contains { $0.contains("no layer") })
    }

    @Test("vectors without names, in either order")
    func flat() throws {
        let vector = ForeignNetwork([("w", [slots], (0..<slots).map { Float($0) })])
        var work = ZooImport(architecture: smallArchitecture)
        let (report, reader, _) = try imported(ListSource(networks: [vector]), work)
        #expect(try reader.readAll().weights == (0..<slots).map { Float($0) })
        #expect(report.notes == ["one vector of 23 numbers, taken in the layout's order"])
        work.flatOrder = .weightsFirst
        let ordered = try imported(ListSource(networks: [vector]), work).reader.readAll()
        // Weights 0..11 and 12..17, then biases 18..20 and 21..22.
        let order: [Range<Int>] = [0..<12, 18..<21, 12..<18, 21..<23]
        #expect(ordered.weights == order.flatMap { $0.map { Float($0) } })
    }

    @Test("accuracies are fractions, or percent where that is said")
    func accuracies() throws {
        let source = ListSource(networks: [smallNetwork(0, facts: ["test_accuracy": .real(91)])])
        var work = ZooImport(architecture: smallArchitecture)
        let told = try imported(source, work)
        #expect(told.reader.columns["test_accuracy"] == .real([0.91]))
        #expect(told.report.notes.contains { $0.contains("test_accuracy") && $0.contains("per cent") })
        work.percent = true
        let asked = try imported(source, work)
        #expect(asked.reader.columns["test_accuracy"] == .real([0.91]))
        #expect(!asked.report.notes.contains { $0.contains("test_accuracy") })
    }

    @Test("facts that are NaN are not known, in any format")
    func notNumbers() throws {
        let facts: [String: ColumnValue] = ["accuracy": .real(.nan), "loss": .real(.nan), "epoch": .integer(2)]
        let known: [String: ColumnValue] = ["accuracy": .real(0.5), "epoch": .integer(3)]
        let source = ListSource(networks: [smallNetwork(0, facts: facts), smallNetwork(1, facts: known)])
        let columns = try imported(source, ZooImport()).reader.columns
        #expect(columns.numbers("accuracy").map { $0[0].isNaN && $0[1] == 0.5 } == true && columns["loss"] == nil)
        #expect(columns["epoch"] == .integer([2, 3]))
    }

    @Test("networks that differ from the first, steps that do not rise, runs that come back")
    func inconsistent() {
        func error(_ networks: [ForeignNetwork], longest: Int = 1) -> DataError? {
            dataError { _ = try imported(ListSource(longestRun: longest, networks: networks), ZooImport()) }
        }
        let other = ForeignNetwork([("a.weight", [2, 2], [1, 2, 3, 4])])
        #expect(error([smallNetwork(0), other])?.kind == .malformed)
        #expect(error([])?.found == "none")
        let steps = [smallNetwork(0, run: "a", step: 3), smallNetwork(0, run: "a", step: 3)]
        #expect(error(steps, longest: 2)?.expected.hasPrefix("a step after 3") == true)
        #expect(error([steps[0], smallNetwork(0, run: "a", step: 4)]) == nil)
        let back = [("a", 1), ("b", 1), ("a", 2)].map { smallNetwork(0, run: $0, step: $1) }
        #expect(error(back, longest: 2)?.found == "more of a")
    }

    /// Two layers of 2 numbers under these names, each filled with the number given to it.
    private func layers(_ names: [(String, Float)]) -> ForeignNetwork {
        ForeignNetwork(
            names.flatMap { name, value in
                [
                    ("\(name).weight", [2, 2], [Float](repeating: value, count: 4)),
                    ("\(name).bias", [2], [value, value]),
                ]
            })
    }

    @Test("a layout taken from the first network takes the others by name alone, wrappers off")
    func byNameAlone() throws {
        let first = layers([("a", 1), ("b", 2)])
        let good = ListSource(networks: [first, layers([("module.b", 4), ("module.a", 3)])])
        #expect(
            try imported(good, ZooImport()).reader.readAll().weights.map { Int($0) }
                == [1, 2, 3, 4].flatMap {
                    [Int](repeating: $0, count: 6)
                })
        let other = ListSource(networks: [first, layers([("a", 1), ("c", 2)])])
        let error = dataError { _ = try imported(other, ZooImport()) }
        #expect(error?.kind == .malformed && error?.found.contains("c.weight [2, 2]") == true)
        #expect(error?.hint.contains("the first one's names") == true)
    }

    @Test("with an architecture names go where they went first, and other names are told of")
    func sameNamesSameSlots() throws {
        let work = ZooImport(architecture: .mlp(MLP.Config(widths: [2, 2, 2])))
        let networks = [
            layers([("in", 1), ("hid", 2)]), layers([("net.hid", 2), ("net.in", 1)]), layers([("q", 1), ("p", 2)]),
            layers([("p", 2), ("q", 1)]),
        ]
        let (report, reader, _) = try imported(ListSource(networks: networks), work)
        let row = [Float](repeating: 1, count: 6) + [Float](repeating: 2, count: 6)
        #expect(try reader.readAll().weights == row + row + row + row)
        #expect(report.notes.count == 3 && report.notes[0].hasPrefix("names differ"))
        #expect(report.notes[1].hasPrefix("net: names differ") && report.notes[1].contains("q.weight -> layers.0"))
        var odd = networks[1]
        odd.tensors[0] = ForeignTensor(name: "net.hid.weight", shape: [4], values: ForeignValues(floats: [1, 2, 3, 4]))
        let error = dataError { _ = try imported(ListSource(networks: [networks[0], odd]), work) }
        #expect(error?.found == "[4]" && error?.expected.contains("layers.1.weight as before") == true)
        let many = ListSource(networks: (0..<9).map { layers([("z\($0)", 1), ("y\($0)", 2)]) })
        let notes = try imported(many, work).report.notes
        #expect(notes.count == 7 + 1 && notes[7] == "3 more networks of other names were matched by module or order")
    }

    @Test("the same networks give the same bytes, and nothing is left where it fails")
    func bytesAndFailure() throws {
        let source = ListSource(
            longestRun: 2,
            networks: [
                smallNetwork(0, run: "a", step: 1, facts: ["lr": .real(0.1), "n": .text("x")]),
                smallNetwork(0, run: "b", step: 2),
            ])
        let work = ZooImport(architecture: smallArchitecture)
        #expect(try imported(source, work).bytes == imported(source, work).bytes)
        try withFolder { (folder: String) throws in
            struct Stop: Error {}
            #expect(throws: Stop.self) {
                _ = try work.write(
                    source, root: "/x", to: "\(folder)/z.h5", progress: WorkProgress { _, _ in throw Stop() })
            }
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
        }
    }

    @Test("descriptions: an architecture, a layout, and neither")
    func descriptions() throws {
        let work = try ZooImport(description: Data(#"{"kind":"mlp","widths":[4,3,2]}"#.utf8), place: "p")
        #expect(work.architecture == smallArchitecture)
        let json = try JSONEncoder().encode(smallArchitecture.layout)
        #expect(try ZooImport(description: json, place: "p").layout?.matches(smallArchitecture.layout) == true)
        for bad in [#"{"kind":"mpl"}"#, "{}", "[", #"{"slots":[{"name":"a"}]}"#] {
            let error = dataError { _ = try ZooImport(description: Data(bad.utf8), place: "p") }
            #expect(error?.kind == .configuration && error?.path == "p", "\(bad)")
        }
    }

    @Test(
        "every fixture comes into a zoo file, weights as the reference readers say",
        arguments: [
            ("flat-filters.h5", 5), ("keras2-model.h5", 1), ("numpy/fortran.npy", 3), ("numpy/deflated.npz", 1),
            ("small-cnn", 2), ("ray", 2),
        ])
    func fixtures(name: String, count: Int) throws {
        let source = try ZooSources().open(formatFixture(name))
        let isFlat = name.contains("flat") || name.contains("fortran")
        let work = ZooImport(architecture: isFlat || name == "ray" ? smallArchitecture : nil)
        let (report, reader, _) = try imported(source, work, root: formatFixture(name))
        let checkpoints = try expected(name).count
        #expect(report.networks == count && report.checkpoints == checkpoints)
        let zoo = try reader.readAll()
        if report.checkpoints == report.networks {
            let statistics = ["running_mean", "running_var"]
            let wanted = try expected(name).flatMap { network in
                network.filter { tensor in !statistics.contains { tensor.name.hasSuffix($0) } }.flatMap(\.data)
            }
            #expect(zoo.weights == wanted)
        } else if name == "ray" {
            let last = try [2, 4].flatMap { try expected(name)[$0].flatMap(\.data) }
            #expect(zoo.weights == last)
            #expect(zoo.columns["seed"] == .unsigned([3, 2]))
            #expect(zoo.columns["test_accuracy"] == .real([10 / 16, 5 / 16]))
            #expect(zoo.columns["run"] == .text(["ray/NN_tune_trainable_2", "ray/NN_tune_trainable_10"]))
        }
    }
}
