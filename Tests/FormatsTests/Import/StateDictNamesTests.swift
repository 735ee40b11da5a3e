import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Networks keep the names of their state dict")
struct StateDictNamesTests {
    private static let normed: [(String, [Int])] = [
        ("net.0.weight", [3, 4]), ("net.0.bias", [3]), ("net.1.weight", [3]), ("net.1.bias", [3]),
        ("net.1.running_mean", [3]), ("net.1.running_var", [3]), ("net.1.num_batches_tracked", []),
        ("net.3.weight", [2, 3]), ("net.3.bias", [2]),
    ]

    private func network(_ shapes: [(String, [Int])], prefix: String = "") -> ForeignNetwork {
        var next: Float = 0
        return ForeignNetwork(
            shapes.map { name, shape in
                let count = shape.reduce(1, *)
                defer { next += Float(count) }
                return (prefix + name, shape, (0..<count).map { next + Float($0) })
            })
    }

    private func reader(_ network: ForeignNetwork, _ architecture: Architecture?, in folder: String) throws -> ZooReader
    {
        let source = ListSource(networks: [network])
        _ = try ZooImport(architecture: architecture).write(source, root: "/there", to: "\(folder)/z.h5")
        return try ZooReader(path: "\(folder)/z.h5")
    }

    private func exported(_ reader: ZooReader, _ names: ExportNames, in folder: String) throws -> ForeignNetwork {
        var work = ZooExport(format: .safetensors, rows: [0])
        work.names = names
        let path = "\(folder)/out.safetensors"
        _ = try work.write(reader, to: path)
        return try ZooSources().open(path).onlyNetwork(at: path)
    }

    @Test(
        "what went in comes out: names, counters, shapes and numbers",
        arguments: ["", "module.", "_orig_mod.module."], [true, false])
    func roundTrip(_ prefix: String, _ hasArchitecture: Bool) throws {
        let architecture = hasArchitecture ? Architecture.mlp(MLP.Config(widths: [4, 3, 2], norm: .batch)) : nil
        try withFolder { (folder: String) throws in
            let source = network(Self.normed, prefix: prefix)
            let reader = try reader(source, architecture, in: folder)
            #expect(reader.header.names?.tensors.map(\.name) == Self.normed.map(\.0))
            let back = try exported(reader, .own, in: folder)
            #expect(Set(back.tensors.map(\.name)) == Set(Self.normed.map(\.0)))
            for tensor in back.tensors where !TensorNames.isCounter(tensor.name) {
                let original = source.tensors.first { $0.name == prefix + tensor.name }
                #expect(tensor.values.floats() == original?.values.floats() && tensor.shape == original?.shape)
            }
            let counter = back.tensors.first { TensorNames.isCounter($0.name) }
            #expect(counter?.shape == [] && counter?.values.floats() == [0] && counter?.values.element == .int64)
        }
    }

    @Test("others' names are asked for; unknown ones are refused with those that there are")
    func others() throws {
        try withFolder { (folder: String) throws in
            let architecture = Architecture.mlp(MLP.Config(widths: [4, 3, 2], norm: .batch))
            let reader = try reader(network(Self.normed), architecture, in: folder)
            let ours = try exported(reader, .ours, in: folder)
            #expect(
                Set(ours.tensors.map(\.name))
                    == Set((reader.header.layout.slots + reader.header.layout.buffers).map(\.name)))
            let sequential = try exported(reader, .scheme("pytorch"), in: folder)
            #expect(Set(sequential.tensors.map(\.name)) == Set(Self.normed.map { String($0.0.dropFirst(4)) }))
            let error = dataError { _ = try exported(reader, .scheme("pytorhc"), in: folder) }
            #expect(error?.kind == .configuration && error?.hint == "did you mean pytorch?")
        }
    }

    @Test("names that are ours already are not recorded; nor are those of transposed kernels")
    func none() throws {
        try withFolder { (folder: String) throws in
            #expect(try reader(smallNetwork(0), smallArchitecture, in: folder).header.names == nil)
            let flax = network([
                ("Dense_0.kernel", [4, 3]), ("Dense_0.bias", [3]), ("Dense_1.kernel", [3, 2]), ("Dense_1.bias", [2]),
            ])
            #expect(try reader(flax, smallArchitecture, in: folder).header.names == nil)
        }
    }

    @Test("timm's and kuangliu's names are aliases, and come back")
    func schemes() throws {
        let vit = Architecture.vit(
            .init(
                image: ImageExtent(channels: 1, height: 4, width: 4), patch: 2, depth: 2, width: 4, heads: 2, hidden: 6,
                outputs: 3))
        let resnet = Architecture.resnet(
            .init(depth: 18, image: ImageExtent(channels: 1, height: 8, width: 8), width: 2, outputs: 3))
        for (architecture, scheme) in [(vit, "timm"), (resnet, "kuangliu"), (resnet, "weiaicunzai")] {
            let layout = architecture.layout
            let names = try #require(architecture.nameSchemes.first { $0.name == scheme })
            let shapes = (layout.slots + layout.buffers).map { (names.theirs($0.name), $0.shape) }
            let source = network(Array(shapes.reversed()))
            let found = try TensorMapping(
                source.tensors, isOrdered: false, layout: layout, schemes: architecture.nameSchemes, place: "x")
            #expect(found.basis == .scheme(scheme))
            for (slot, place) in zip(layout.slots, found.weights) {
                #expect(names.ours(source.tensors[place].name) == slot.name)
            }
            try withFolder { (folder: String) throws in
                let reader = try reader(source, architecture, in: folder)
                let back = try exported(reader, .own, in: folder)
                #expect(Set(back.tensors.map(\.name)) == Set(shapes.map(\.0)))
            }
        }
    }
}
