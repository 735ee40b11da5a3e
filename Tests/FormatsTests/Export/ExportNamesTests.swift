import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Names of exported tensors")
struct ExportNamesTests {
    private let image = ImageExtent(channels: 1, height: 8, width: 8)

    private var cnn: Architecture {
        .convolutional(
            CNN.Config(
                image: image, channels: [2, 3], paddings: [1], pools: [2], norm: .batch, outputs: 4))
    }
    private var transformer: Architecture {
        .vit(VisionTransformer.Config(image: image, patch: 4, depth: 2, width: 4, heads: 1, outputs: 2))
    }

    private func exported(_ architecture: Architecture, _ names: ExportNames) throws
        -> ExportedTensors
    {
        try ExportedTensors(ZooHeader(architecture: architecture), names)
    }

    private func isCounter(_ entry: ExportedTensors.Entry) -> Bool {
        if case .counter = entry.source { true } else { false }
    }

    @Test("Words of the command line")
    func words() {
        #expect(
            ExportNames("own") == .own && ExportNames("ours") == .ours
                && ExportNames("weightspace") == .ours)
        #expect(ExportNames("timm") == .scheme("timm") && ExportNames("Own") == .scheme("Own"))
    }

    @Test(
        "Our names are the layout's, weights first and no counters; a zoo's own are the same where none are recorded"
    )
    func ours() throws {
        for architecture in [smallArchitecture, cnn, transformer] {
            let layout = architecture.layout
            for names in [ExportNames.ours, .own] {
                let tensors = try exported(architecture, names)
                #expect(tensors.entries.map(\.name) == (layout.slots + layout.buffers).map(\.name))
                #expect(
                    !tensors.entries.contains(where: isCounter)
                        && tensors.slots.allSatisfy { $0.key == $0.value })
                #expect(try SlotRecord.text(tensors.slots) == nil)
            }
        }
    }

    @Test(
        "PyTorch's norms have their statistics and a counter after their bias, numbered as in nn.Sequential"
    )
    func sequential() throws {
        let tensors = try exported(cnn, .scheme("pytorch"))
        let norm = ["weight", "bias", "running_mean", "running_var", "num_batches_tracked"]
        for place in [1, 5] {
            let first = try #require(tensors.entries.firstIndex { $0.name == "\(place).weight" })
            #expect(tensors.entries[first..<first + 5].map(\.name) == norm.map { "\(place).\($0)" })
            #expect(isCounter(tensors.entries[first + 4]))
        }
        #expect(
            Set(tensors.entries.map { TensorNames.module($0.name) }) == ["0", "1", "4", "5", "9"]
                && tensors.entries.count == 16)
    }

    @Test(
        "Every scheme names every tensor once, and its record tells which slot each is",
        arguments: 0..<7)
    func schemes(index: Int) throws {
        let resnet = Architecture.resnet(ResNet.Config(depth: 18, image: image, width: 2, outputs: 2))
        let (architecture, name) = [
            (smallArchitecture, "pytorch"), (cnn, "pytorch"), (transformer, "timm"),
            (transformer, "torchvision"),
            (resnet, "kuangliu"), (resnet, "weiaicunzai"), (transformer, "torchvision-2021"),
        ][index]
        let tensors = try exported(architecture, .scheme(name))
        #expect(Set(tensors.entries.map(\.name)).count == tensors.entries.count)
        let layout = architecture.layout
        #expect(tensors.slots.values.sorted() == (layout.slots + layout.buffers).map(\.name).sorted())
        #expect(tensors.entries.filter(isCounter).count * 2 == layout.buffers.count)
        let text = try SlotRecord.text(tensors.slots)
        #expect(text.flatMap(SlotRecord.read) ?? tensors.slots == tensors.slots)
        guard let scheme = architecture.nameSchemes.first(where: { $0.name == name }) else { return }
        #expect(
            tensors.slots.allSatisfy {
                scheme.ours($0.key) == $0.value && scheme.theirs($0.value) == $0.key
            })
        #expect(text != nil)
    }

    @Test("Recorded names stand in their order, and what has no slot is a counter")
    func recorded() throws {
        var header = ZooHeader(architecture: smallArchitecture)
        let slots = header.layout.slots.map(\.name).reversed()
        header.names = ZooNames(
            slots.map { ZooNames.Tensor(name: "net.\($0)", slot: $0) } + [
                ZooNames.Tensor(name: "n", slot: nil)
            ])
        let own = try ExportedTensors(header, .own)
        #expect(own.entries.map(\.name) == slots.map { "net.\($0)" } + ["n"])
        #expect(own.entries.map(isCounter) == slots.map { _ in false } + [true])
        #expect(own.slots == Dictionary(uniqueKeysWithValues: slots.map { ("net.\($0)", $0) }))
        #expect(
            try ExportedTensors(header, .ours).entries.map(\.name) == header.layout.slots.map(\.name))
    }

    @Test("A scheme that the architecture has not is refused with those that it has")
    func refused() throws {
        let cases: [(Architecture, String, String)] = [
            (smallArchitecture, "timm", "own, ours, pytorch"), (cnn, "timm", "own, ours, pytorch"),
            (transformer, "transformers", "own, ours, pytorch, timm, torchvision-2021"),
            (transformer, "", "own, ours, pytorch, timm, torchvision-2021"),
        ]
        for (architecture, name, known) in cases {
            let error = try #require(dataError { _ = try exported(architecture, .scheme(name)) })
            #expect(error.kind == .configuration && error.path == "--names")
            #expect(error.expected == known && error.found == name, "\(error)")
        }
        let near = dataError { _ = try exported(transformer, .scheme("timn")) }
        #expect(near?.hint.contains("timm") == true)
    }

    @Test("Without an architecture there are our names alone")
    func layoutAlone() throws {
        let header = ZooHeader(layout: smallArchitecture.layout)
        for name in ["pytorch", "torchvision"] {
            #expect(
                dataError { _ = try ExportedTensors(header, .scheme(name)) }?.expected
                    == "own, ours, pytorch")
        }
        #expect(try ExportedTensors(header, .own).slots.count == header.layout.slots.count)
    }
}
