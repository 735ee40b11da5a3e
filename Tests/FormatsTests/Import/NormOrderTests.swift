import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Networks with norms: Linear, norm, activation is the usual order")
struct NormOrderTests {
    /// Tensors of a linear layer or a norm of consecutive numbers, so that each can be told.
    private struct Net {
        var tensors: [(String, [Int], [Float])] = []
        private var next: Float = 0

        mutating func add(_ name: String, _ shape: [Int]) {
            let count = shape.reduce(1, *)
            tensors.append((name, shape, (0..<count).map { next + Float($0) }))
            next += Float(count)
        }

        mutating func linear(_ name: String, _ outputs: Int, _ inputs: Int) {
            add("\(name).weight", [outputs, inputs])
            add("\(name).bias", [outputs])
        }

        mutating func norm(_ name: String, _ width: Int, _ kind: MLP.Config.Norm) {
            add("\(name).weight", [width])
            add("\(name).bias", [width])
            guard kind == .batch else { return }
            add("\(name).running_mean", [width])
            add("\(name).running_var", [width])
        }

        var network: ForeignNetwork { ForeignNetwork(tensors) }

        /// The numbers of tensors by name.
        func values(_ names: [String]) -> [Float] { names.flatMap { name in tensors.first { $0.0 == name }?.2 ?? [] } }
    }

    /// A 4-4-4-2 network, its layers in the order of a class or an `nn.Sequential`.
    private func net(_ order: [(String, Int?)], _ kind: MLP.Config.Norm) -> Net {
        var net = Net()
        for (name, layer) in order {
            if let layer { net.linear(name, layer == 2 ? 2 : 4, 4) } else { net.norm(name, 4, kind) }
        }
        return net
    }

    private static let orders: [[(String, Int?)]] = [
        [("0", 0), ("1", nil), ("3", 1), ("4", nil), ("6", 2)],
        [("fc1", 0), ("bn1", nil), ("fc2", 1), ("bn2", nil), ("fc3", 2)],
        [("fc1", 0), ("fc2", 1), ("fc3", 2), ("bn1", nil), ("bn2", nil)],
        [("blocks.0.0", 0), ("blocks.0.1", nil), ("blocks.1.0", 1), ("blocks.1.1", nil), ("head", 2)],
        [("hidden", 0), ("hidden_norm", nil), ("more", 1), ("more_norm", nil), ("out", 2)],
    ]

    @Test("in every order that people write", arguments: orders.indices, [MLP.Config.Norm.batch, .layer])
    func usual(_ index: Int, _ kind: MLP.Config.Norm) throws {
        let order = Self.orders[index]
        let net = net(order, kind)
        let layout = Architecture.mlp(MLP.Config(widths: [4, 4, 4, 2], norm: kind)).layout
        let tensors = net.network.tensors
        let found = try TensorMapping(tensors, layout: layout, place: "x")
        let (layers, norms) = (order.filter { $0.1 != nil }.map(\.0), order.filter { $0.1 == nil }.map(\.0))
        for (slot, place) in zip(layout.slots, found.weights) {
            let parts = slot.name.split(separator: ".").map(String.init)
            let list = parts[0] == "layers" ? layers : norms
            #expect(tensors[place].name == "\(list[Int(parts[1]) ?? 0]).\(parts[2])")
        }
        #expect(found.buffers.count == (kind == .batch ? 4 : 0))
    }

    @Test("sorted by name, numbers tell", arguments: [0, 1])
    func sorted(_ index: Int) throws {
        var network = net(Self.orders[index], .batch).network
        let layout = Architecture.mlp(MLP.Config(widths: [4, 4, 4, 2], norm: .batch)).layout
        let usual = try TensorMapping(network.tensors, layout: layout, place: "x")
        let names = usual.weights.map { network.tensors[$0].name }
        network.tensors.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let found = try TensorMapping(network.tensors, isOrdered: false, layout: layout, place: "x")
        #expect(found.weights.map { network.tensors[$0].name } == names)
    }

    @Test(
        "a list whose norms stand elsewhere is another computation",
        arguments: [
            ([("0", 0), ("2", nil), ("3", 1), ("5", nil), ("6", 2)], "2 places after"),
            ([("0", nil), ("1", 0), ("3", nil), ("4", 1), ("6", 2)], "before"),
        ] as [([(String, Int?)], String)])
    func elsewhere(order: [(String, Int?)], says: String) throws {
        let layout = Architecture.mlp(MLP.Config(widths: [4, 4, 4, 2], norm: .layer)).layout
        let tensors = net(order, .layer).network.tensors
        for isOrdered in [true, false] {
            let error = dataError { _ = try TensorMapping(tensors, isOrdered: isOrdered, layout: layout, place: "x") }
            #expect(error?.found.contains(says) == true, "\(String(describing: error))")
        }
    }

    @Test("the file's order against the numbers: refused where both fit, settled where one does")
    func disagreement() throws {
        let layout = Architecture.mlp(MLP.Config(widths: [4, 4, 4, 2])).layout
        let both = net([("fc2", 1), ("fc1", 0), ("fc3", 2)], .none).network.tensors
        let error = dataError { _ = try TensorMapping(both, layout: layout, place: "x") }
        #expect(error?.found.contains("fc2 before fc1") == true, "\(String(describing: error))")
        let one = net([("fc3", 2), ("fc1", 0), ("fc2", 1)], .none).network.tensors
        let found = try TensorMapping(one, layout: layout, place: "x")
        #expect(found.weights.map { one[$0].name }.first == "fc1.weight" && found.basis == .modules(.numbers))
    }

    @Test("Keras counts dense, dense_1, dense_2: a first one without a number belongs to them")
    func keras() throws {
        let layout = Architecture.mlp(MLP.Config(widths: [4, 4, 4, 2])).layout
        var tensors = net([("dense", 0), ("dense_1", 1), ("dense_2", 2)], .none).network.tensors
        tensors.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        let found = try TensorMapping(tensors, isOrdered: false, layout: layout, place: "x")
        #expect(found.weights.map { tensors[$0].name }.first == "dense.weight")
        #expect(found.weights.map { tensors[$0].name }[2] == "dense_1.weight")
    }

    @Test("rows are in the order of the computation")
    func rows() throws {
        let net = net(Self.orders[1], .batch)
        try withFolder { (folder: String) throws in
            var work = ZooImport(architecture: .mlp(MLP.Config(widths: [4, 4, 4, 2], norm: .batch)))
            work.dropsNonFinite = false
            let source = ListSource(networks: [net.network])
            let report = try work.write(source, root: "/there", to: "\(folder)/z.h5")
            let zoo = try ZooReader(path: "\(folder)/z.h5").readAll()
            let names = ["fc1", "bn1", "fc2", "bn2", "fc3"].flatMap { ["\($0).weight", "\($0).bias"] }
            #expect(zoo.weights == net.values(names))
            #expect(zoo.buffers == net.values(["bn1", "bn2"].flatMap { ["\($0).running_mean", "\($0).running_var"] }))
            #expect(report.notes.contains { $0.contains("before the activation") })
        }
    }
}
