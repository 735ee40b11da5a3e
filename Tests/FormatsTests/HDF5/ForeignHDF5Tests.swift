import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Foreign HDF5 files")
struct ForeignHDF5Tests {
    @Test(
        "flat populations with every storage filter, as h5py reads them",
        arguments: [
            "flat-plain", "flat-filters", "flat-gzip", "flat-shuffle", "flat-fletcher", "flat-double-big",
            "flat-single-big", "flat-half", "flat-lzf", "flat-lzf-long", "flat-scale-offset",
        ])
    func flat(name: String) throws {
        let path = formatFixture("\(name).h5")
        #expect(try ZooFormat.detect(path) == .flatHDF5)
        let networks = try FlatHDF5Source(path: path, array: nil).all()
        #expect(networks.map(\.asExpected) == (try expected("\(name).h5")))
        #expect(networks[3].place == "\(path):3")
    }

    @Test("double precision is rounded once, to the nearest, whatever its byte order")
    func rounding() throws {
        let quantum = 0x1p-24
        let edges = [
            1 + quantum, 1 + quantum + 0x1p-50, 1 + 3 * quantum, 1e-46, 7e-46, 7.1e-46, 3.4028235e38, 1e-40, -1.1e-41,
        ]
        let networks = try FlatHDF5Source(path: formatFixture("flat-double-edge.h5"), array: nil).all()
        let nearest = edges.map { Float($0) }
        #expect(networks.map { $0.tensors[0].values.floats() } == [nearest, nearest.reversed()])
        let tensor = try HDF5File.open(formatFixture("flat-double-edge.h5")).foreignTensor("/dataset", name: "w")
        #expect(tensor.values.floats() == nearest + nearest.reversed())
        // In pieces of a part of an axis, and of one number.
        try withFolder { (folder: String) throws in
            let (rows, width) = (3, (1 << 19) + 1)
            let values = (0..<rows * width).map { Double($0) / 7 }
            let file = try HDF5File.create("\(folder)/d.h5")
            try file.write(values, shape: [rows, width], as: "/d")
            try file.close()
            let dataset = try HDF5File.open("\(folder)/d.h5").dataset("/d")
            var part = [Float](repeating: 0, count: rows * 5)
            try part.withUnsafeMutableBufferPointer { try dataset.read(start: [0, 9], extents: [rows, 5], into: $0) }
            #expect(part == (0..<rows).flatMap { row in (9..<14).map { Float(values[row * width + $0]) } })
            #expect(try dataset.read(rows: 0..<rows, as: Float.self) == values.map { Float($0) })
        }
    }

    @Test("a small variable that was never written is its fill value; a population is not, nor is a large one")
    func unwritten() throws {
        try withFolder { (folder: String) throws in
            func written(_ name: String, _ body: (borrowing HDF5File) throws -> Void) throws -> String {
                let file = try HDF5File.create("\(folder)/\(name)")
                try body(file)
                try file.close()
                return "\(folder)/\(name)"
            }
            func keras(_ count: Int, _ storage: HDF5Storage) throws -> String {
                try written("\(count).weights.h5") { file in
                    for group in ["/layers", "/layers/dense", "/layers/dense/vars"] { try file.createGroup(group) }
                    try file.write(
                        (0..<2 * count).map { Float($0) }, shape: [2, count], as: "/layers/dense/vars/0")
                    let bias = try file.createDataset(
                        "/layers/dense/vars/1", shape: [count], of: Float.self, storage: storage)
                    try bias.close()
                }
            }
            for storage in [HDF5Storage.contiguous, HDF5Storage(chunk: [2], compression: 4)] {
                let network = try ZooSources().open(keras(3, storage)).all()[0]
                #expect(network.tensors.map(\.name) == ["dense.weight", "dense.bias"])
                #expect(network.tensors[1].values.floats() == [0, 0, 0])
            }
            let large = try keras(1 << 17, .contiguous)
            let refused = dataError { _ = try ZooSources().open(large).all() }
            #expect(refused?.kind == .malformed && refused?.found == "0 bytes stored: it was created and never written")
            let flat = try written("flat.h5") { file in
                let dataset = try file.createDataset("/dataset", shape: [5, 23], of: Float.self)
                try dataset.close()
            }
            let error = dataError { _ = try ZooSources().open(flat).all() }
            #expect(error?.found == refused?.found && error?.path.hasSuffix(":/dataset") == true)
        }
    }

    @Test("a dataset of another name must be named where there are several")
    func named() throws {
        let path = formatFixture("flat-two.h5")
        let error = dataError { _ = try ZooFormat.detect(path) }
        #expect(error?.kind == .malformed && error?.description.contains("first, second") == true)
        #expect(error?.hint.contains("--array") == true)
        for name in ["second", "/second"] {
            let networks = try ZooSources(array: name).open(path).all()
            #expect(networks.map(\.asExpected) == (try expected("flat-two.h5")))
        }
        #expect(dataError { _ = try ZooSources(array: "third").open(path).all() }?.kind == .missing)
    }

    @Test(
        "Keras files of every kind become PyTorch's tensors",
        arguments: ["keras2-model.h5", "keras2-weights.h5", "keras3-legacy.h5", "keras3.weights.h5"])
    func keras(name: String) throws {
        let path = formatFixture(name)
        #expect(try ZooFormat.detect(path) == .keras)
        let networks = try KerasSource(path: path).all()
        // Keras 3 does not tell the order of layers; names decide.
        func sorted(_ tensors: [ExpectedTensor]) -> [ExpectedTensor] { tensors.sorted { $0.name < $1.name } }
        #expect(networks.count == 1)
        #expect(sorted(networks[0].asExpected) == sorted(try expected(name)[0]))
        if name != "keras3.weights.h5" { #expect(networks[0].asExpected == (try expected(name)[0])) }
    }

    @Test(".keras files are read as the archives that they are, layers in the model's order, bfloat16 too")
    func kerasArchives() throws {
        for name in ["keras3.keras", "keras3-nested.keras"] {
            let path = formatFixture(name)
            #expect(try ZooFormat.detect(path) == .keras && ZooFormat.content(of: path) == .networks)
            let networks = try ZooSources().open(path).all()
            #expect(networks.map(\.asExpected) == (try expected(name)))
            #expect(networks[0].place == path)
        }
    }

    @Test("a .keras file without a readable configuration, or with damaged weights, names its part")
    func damagedArchives() throws {
        try withFolder { (folder: String) throws in
            for (config, weights, part) in [
                ("{", [UInt8](), "config.json"), ("{}", Array("no HDF5".utf8), "model.weights.h5"),
            ] {
                var writer = try ZipWriter(path: "\(folder)/m.keras")
                try writer.add("config.json", Array(config.utf8))
                try writer.add("model.weights.h5", weights)
                try writer.finish()
                let error = dataError { _ = try ZooSources().open("\(folder)/m.keras").all() }
                #expect(error?.kind == .malformed && error?.path == "\(folder)/m.keras, \(part)", "\(error as Any)")
            }
        }
    }

    @Test("streams of LZF that reach beyond either end, and sizes that no stream gives, are refused")
    func damagedLZF() throws {
        let whole = try bytes(formatFixture("flat-lzf.h5"))
        try withFolder { (folder: String) throws in
            var (refused, read) = (0, 0)
            for place in stride(from: 1200, to: whole.count, by: 7) {
                var data = whole
                data[place] ^= 0xFF
                try data.write(to: URL(fileURLWithPath: "\(folder)/x.h5"))
                if dataError({ _ = try ZooSources().open("\(folder)/x.h5").all() }) == nil {
                    read += 1
                } else {
                    refused += 1
                }
            }
            #expect(refused > 0, "\(refused) refused, \(read) read")
        }
    }

    @Test("dense layers behind a convolution are reordered once, and not where images are channels first")
    func flattening() {
        func variable(_ name: String, _ shape: [Int]) -> ForeignTensor {
            let count = shape.reduce(1, *)
            return ForeignTensor(name: name, shape: shape, values: ForeignValues(floats: (0..<count).map { Float($0) }))
        }
        var axes = TensorFlowAxes()
        _ = axes.convert(variable("c/kernel:0", [1, 1, 1, 2]))
        // Inputs (s, c) = 00 01 10 11 20 21 become (c, s) = 00 10 20 01 11 21.
        #expect(axes.convert(variable("d/kernel:0", [6, 1])).values.floats() == [0, 2, 4, 1, 3, 5])
        #expect(axes.convert(variable("e/kernel:0", [6, 1])).values.floats() == [0, 1, 2, 3, 4, 5])
        var first = TensorFlowAxes(channelsFirst: true)
        _ = first.convert(variable("c/kernel:0", [1, 1, 1, 2]))
        #expect(first.convert(variable("d/kernel:0", [6, 1])).values.floats() == [0, 1, 2, 3, 4, 5])
        var pooled = TensorFlowAxes()
        _ = pooled.convert(variable("c/kernel:0", [1, 1, 1, 6]))
        #expect(pooled.convert(variable("d/kernel:0", [6, 1])).values.floats() == [0, 1, 2, 3, 4, 5])
        var deep = TensorFlowAxes()
        let depthwise = deep.convert(variable("a/b/depthwise_kernel:0", [1, 2, 3, 2]))
        #expect(depthwise.name == "a.b.weight" && depthwise.shape == [6, 1, 1, 2])
        #expect(depthwise.values.floats().prefix(4) == [0, 6, 1, 7])
        #expect(deep.convert(variable("n/moving_variance", [2])).name == "n.running_var")
    }

    @Test("HDF5 files of other content say what they hold")
    func others() throws {
        try withFolder { (folder: String) throws in
            let empty = "\(folder)/empty.h5"
            try HDF5File.create(empty).close()
            #expect(dataError { _ = try ZooSources().open(empty) }?.found == "nothing")
            let vector = "\(folder)/vector.h5"
            let file = try HDF5File.create(vector)
            try file.write([1, 2, 3] as [Float], shape: [3], as: "/dataset")
            try file.close()
            let error = dataError { _ = try ZooSources().open(vector).all() }
            #expect(error?.kind == .malformed && error?.found == "float32 [3]")
            let zoo = "\(folder)/zoo.h5"
            try ZooWriter.write(fullZoo(), to: zoo)
            #expect(try ZooFormat.detect(zoo) == .zoo)
            #expect(dataError { _ = try ZooSources().open(zoo) }?.found == "a zoo file already")
        }
    }

    @Test("lists of texts in attributes, of both forms, and none")
    func textLists() throws {
        let file = try HDF5File.open(formatFixture("keras2-model.h5"))
        #expect(try file.texts(attribute: "layer_names", of: "/model_weights")?.count == 5)
        #expect(try file.texts(attribute: "weight_names", of: "/model_weights/flatten") == [])
        #expect(try file.texts(attribute: "keras_version") == ["2.15.0"])
        #expect(try file.texts(attribute: "nothing") == nil)
        let other = try HDF5File.open(formatFixture("keras2-weights.h5"))
        #expect(try other.texts(attribute: "weight_names", of: "/dense") == ["dense/kernel:0", "dense/bias:0"])
    }
}
