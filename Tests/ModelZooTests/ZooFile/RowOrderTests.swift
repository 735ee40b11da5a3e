import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite("Rows lie as the file's layout says, without one as the network computes")
struct RowOrderTests {
    private let config = MLP.Config(widths: [3, 4, 4, 2], norm: .batch)

    private func file(_ path: String, layout: ParameterLayout?, _ weights: [Float], _ buffers: [Float]? = nil) throws {
        let file = try HDF5File.create(path)
        try file.write(text: ZooHeader.format, attribute: "format")
        try file.write(integer: ZooHeader.version, attribute: "version")
        try file.write(text: ZooHeader.text(Architecture.mlp(config)), attribute: "architecture")
        if let layout { try file.write(text: ZooHeader.text(layout), attribute: "layout") }
        try file.write(weights, shape: [1, weights.count], as: "/weights")
        if let buffers { try file.write(buffers, shape: [1, buffers.count], as: "/buffers") }
        try file.close()
    }

    @Test("slots follow each other as the network computes")
    func forward() {
        let names = Architecture.mlp(config).layout.slots.map(\.name)
        #expect(
            names
                == ["layers.0", "norms.0", "layers.1", "norms.1", "layers.2"].flatMap {
                    ["\($0).weight", "\($0).bias"]
                })
    }

    @Test("without a layout rows are in that order")
    func without() throws {
        try withFolder { (folder: String) throws in
            let row = risingFloats(config.network.layout.count)
            try file("\(folder)/z.h5", layout: nil, row)
            #expect(try ZooReader(path: "\(folder)/z.h5").readAll().weights == row)
        }
    }

    @Test("with a layout rows are read by it, whatever its order")
    func with() throws {
        let layout = Architecture.mlp(config).layout
        func reordered(_ slots: [Slot]) -> [Slot] {
            var next = 0
            return slots.reversed().map { slot in
                defer { next += slot.count }
                return Slot(name: slot.name, offset: next, shape: slot.shape, role: slot.role)
            }
        }
        let stored = ParameterLayout(slots: reordered(layout.slots), buffers: reordered(layout.buffers))
        try withFolder { (folder: String) throws in
            let (row, statistics) = (risingFloats(layout.count), risingFloats(layout.bufferCount))
            try file("\(folder)/z.h5", layout: stored, row, statistics)
            let zoo = try ZooReader(path: "\(folder)/z.h5").readAll()
            for slot in layout.slots {
                let place = try #require(stored.slot(named: slot.name))
                #expect(Array(zoo.weights[slot.range]) == Array(row[place.range]))
            }
            let buffers = try #require(zoo.buffers)
            for (slot, place) in zip(layout.buffers, stored.buffers.reversed()) {
                #expect(Array(buffers[slot.range]) == Array(statistics[place.range]))
            }
            #expect(zoo.layout.matches(layout))
        }
    }

    @Test("files from before norms stood beside their layers keep their order, in copies too")
    func former() throws {
        let former = try #require(config.formerForms.first)
        let names = former.network.layout.slots.map(\.name)
        #expect(
            names.prefix(6).allSatisfy { $0.hasPrefix("layers") }
                && names.suffix(4).allSatisfy { $0.hasPrefix("norms") })
        try withFolder { (folder: String) throws in
            let row = risingFloats(former.network.layout.count)
            try file("\(folder)/z.h5", layout: former.network.layout, row)
            let reader = try ZooReader(path: "\(folder)/z.h5")
            #expect(reader.header.architecture.map { $0.layout.matches(former.network.layout) } == true)
            try reader.copy(rows: [0], to: "\(folder)/c.h5")
            let copy = try ZooReader(path: "\(folder)/c.h5").readAll()
            #expect(copy.weights == row && copy.layout.matches(former.network.layout))
        }
    }

    @Test("a layout of other tensors is refused, and a row with statistics in it is told where they go")
    func refused() throws {
        try withFolder { (folder: String) throws in
            try file("\(folder)/z.h5", layout: Architecture.mlp(MLP.Config(widths: [3, 2])).layout, risingFloats(8))
            let error = dataError { _ = try ZooReader(path: "\(folder)/z.h5") }
            #expect(error?.expected.contains("the tensors of the architecture") == true)
            let layout = Architecture.mlp(config).layout
            try file("\(folder)/y.h5", layout: nil, risingFloats(layout.count + layout.bufferCount))
            #expect(dataError { _ = try ZooReader(path: "\(folder)/y.h5") }?.hint.contains("/buffers") == true)
        }
    }

    @Test("names must be the layout's, each once")
    func names() {
        let layout = testLayout()
        let tensors = layout.slots.map { ZooNames.Tensor(name: "a.\($0.name)", slot: $0.name) }
        #expect(ZooNames(tensors).problem(for: layout) == nil)
        #expect(ZooNames(tensors + [.init(name: "n", slot: nil)]).problem(for: layout) == nil)
        #expect(ZooNames(Array(tensors.dropLast())).problem(for: layout)?.hasPrefix("no name for") == true)
        #expect(ZooNames(tensors + [.init(name: "n", slot: "odd")]).problem(for: layout) == "odd, which is not a slot")
        #expect(ZooNames(tensors + [tensors[0]]).problem(for: layout) == "a slot twice")
    }

    @Test("a kind alone is an architecture")
    func word() throws {
        try withFolder { (folder: String) throws in
            let row = risingFloats(2464)
            let file = try HDF5File.create("\(folder)/z.h5")
            try file.write(text: ZooHeader.format, attribute: "format")
            try file.write(integer: ZooHeader.version, attribute: "version")
            try file.write(text: "cnn-s", attribute: "architecture")
            try file.write(row, shape: [1, row.count], as: "/weights")
            try file.close()
            #expect(try ZooReader(path: "\(folder)/z.h5").header.architecture == .cnn(.init(size: .small)))
        }
    }
}

/// 0, 1, 2, ...
private func risingFloats(_ count: Int) -> [Float] { (0..<count).map { Float($0) } }
