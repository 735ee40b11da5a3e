import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("What a person or the file says of how tensors are matched")
struct StatedReadingTests {
    private let square = Architecture.mlp(MLP.Config(widths: [2, 2, 2, 2]))

    private func filled(_ name: String, _ shape: [Int], from first: Float = 0) -> (String, [Int], [Float]) {
        (name, shape, (0..<shape.reduce(1, *)).map { first + Float($0) })
    }

    private func imported(
        _ tensors: [(String, [Int], [Float])], _ architecture: Architecture,
        _ adjust: (inout ZooImport) -> Void = { _ in }
    ) throws -> Zoo {
        try withFolder { (folder: String) throws in
            var work = ZooImport(architecture: architecture)
            adjust(&work)
            let source = ListSource(networks: [ForeignNetwork(tensors)])
            _ = try work.write(source, root: "/there", to: "\(folder)/z.h5")
            return try ZooReader(path: "\(folder)/z.h5").readAll()
        }
    }

    private func layers(_ names: [String]) -> [(String, [Int], [Float])] {
        names.enumerated().flatMap { index, name in
            [filled("\(name).weight", [2, 2], from: Float(10 * index)), filled("\(name).bias", [2])]
        }
    }

    @Test("--layers says the order where the file's is another, and names must be all")
    func order() throws {
        let tensors = layers(["output", "input", "hidden"])
        let error = dataError { _ = try imported(tensors, square) }
        #expect(error?.found.contains("output before") == true && error?.hint.contains("--layers") == true)
        let zoo = try imported(tensors, square) { $0.layers = ["input", "hidden", "output"] }
        #expect(zoo.layout.slots.filter { $0.role == .weight }.map { zoo.weights[$0.offset] } == [10, 20, 0])
        #expect(
            dataError { _ = try imported(tensors, square) { $0.layers = ["input", "output"] } }?.path == "--layers")
        let more = dataError { _ = try imported(tensors, square) { $0.layers = ["input", "hidden", "output", "x"] } }
        #expect(more?.found == "x")
    }

    @Test("layers of unlike shapes are found in any order, of like ones by a person alone")
    func shapes() throws {
        func tensors(_ widths: [(String, Int, Int)]) -> [(String, [Int], [Float])] {
            widths.flatMap { name, inputs, outputs in
                [
                    filled("\(name).weight", [outputs, inputs], from: Float(name.count)),
                    filled("\(name).bias", [outputs]),
                ]
            }
        }
        let unlike = tensors([("head", 3, 2), ("stem", 5, 4), ("mid", 4, 3)])
        #expect(throws: Never.self) { _ = try imported(unlike, .mlp(MLP.Config(widths: [5, 4, 3, 2]))) }
        let like = tensors([("head", 4, 2), ("second", 4, 4), ("first", 4, 4), ("stem", 5, 4)])
        let architecture = Architecture.mlp(MLP.Config(widths: [5, 4, 4, 4, 2]))
        #expect(dataError { _ = try imported(like, architecture) }?.hint.contains("--layers") == true)
        #expect(throws: Never.self) {
            _ = try imported(like, architecture) { $0.layers = ["stem", "first", "second", "head"] }
        }
    }

    @Test("--matrices transposes what names do not tell")
    func matrices() throws {
        let tensors = [filled("W1", [4, 3]), filled("b1", [3]), filled("W2", [3, 2]), filled("b2", [2])]
        let small = Architecture.mlp(MLP.Config(widths: [4, 3, 2]))
        #expect(dataError { _ = try imported(tensors, small) }?.hint.contains("--matrices in-out") == true)
        let zoo = try imported(tensors, small) { $0.matrixOrder = .inFirst }
        #expect(zoo.row(0).prefix(5) == [0, 3, 6, 9, 1])
        let kernels = [
            filled("a/kernel", [3, 4]), filled("a/bias", [3]), filled("b/kernel", [2, 3]), filled("b/bias", [2]),
        ]
        #expect(dataError { _ = try imported(kernels, small) }?.hint.contains("--matrices out-in") == true)
        let plain = try imported(kernels, small) { $0.matrixOrder = .outFirst }
        #expect(plain.row(0).prefix(4) == [0, 1, 2, 3])
    }

    @Test("kernels are transposed without an architecture too")
    func guessed() throws {
        try withFolder { (folder: String) throws in
            let source = ListSource(networks: [
                ForeignNetwork([filled("Dense_0/kernel", [4, 3]), filled("Dense_0/bias", [3])])
            ])
            let report = try ZooImport().write(source, root: "/there", to: "\(folder)/z.h5")
            let zoo = try ZooReader(path: "\(folder)/z.h5").readAll()
            #expect(zoo.layout.slots.map(\.shape) == [[3, 4], [3]] && zoo.row(0).prefix(4) == [0, 3, 6, 9])
            #expect(report.notes.contains { $0.contains(#""widths":[4,3]"#) }, "\(report.notes)")
        }
    }

    @Test("an exported network is imported again, whatever its class calls its layers")
    func roundTrip() throws {
        try withFolder { (folder: String) throws in
            let tensors = layers(["first", "middle", "end"])
            let source = ListSource(networks: [ForeignNetwork(tensors)])
            _ = try ZooImport(architecture: square).write(source, root: "/there", to: "\(folder)/z.h5")
            let reader = try ZooReader(path: "\(folder)/z.h5")
            _ = try ZooExport(format: .safetensors).write(reader, to: "\(folder)/nets")
            let again = try ZooSources().open("\(folder)/nets")
            let report = try ZooImport(architecture: square).write(again, root: "\(folder)/nets", to: "\(folder)/y.h5")
            let zoo = try ZooReader(path: "\(folder)/y.h5").readAll()
            #expect(zoo.weights == (try reader.readAll()).weights, "\(report.notes)")
            #expect(!zoo.columns.names.contains(SlotRecord.key))
        }
    }
}
