import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Flax and Keras: kernels are [in, out]")
struct KernelTests {
    private func kernel(_ name: String, _ shape: [Int]) -> (String, [Int], [Float]) {
        (name, shape, (0..<shape.reduce(1, *)).map { Float($0) })
    }

    private func imported(_ tensors: [(String, [Int], [Float])], _ architecture: Architecture) throws -> Zoo {
        try withFolder { (folder: String) throws in
            let source = ListSource(networks: [ForeignNetwork(tensors)])
            let report = try ZooImport(architecture: architecture).write(source, root: "/there", to: "\(folder)/z.h5")
            #expect(report.notes.contains { $0.contains("transposed") })
            return try ZooReader(path: "\(folder)/z.h5").readAll()
        }
    }

    @Test("dense layers, of equal widths too", arguments: [[4, 3, 2], [4, 4, 4]], ["params/Dense_#/", "Dense_#."])
    func dense(_ widths: [Int], _ form: String) throws {
        var tensors: [(String, [Int], [Float])] = []
        for layer in 0..<2 {
            let prefix = form.replacing("#", with: "\(layer)")
            tensors.append(kernel(prefix + "kernel", [widths[layer], widths[layer + 1]]))
            tensors.append(kernel(prefix + "bias", [widths[layer + 1]]))
        }
        let zoo = try imported(tensors, .mlp(MLP.Config(widths: widths)))
        let slot = zoo.layout.slots[0]
        for output in 0..<widths[1] {
            for input in 0..<widths[0] {
                let value = zoo.weights[slot.offset + output * widths[0] + input]
                #expect(value == Float(input * widths[1] + output))
            }
        }
    }

    @Test("norms in Flax's words, statistics in another collection")
    func norms() throws {
        let tensors = [
            kernel("batch_stats/BatchNorm_0/mean", [3]), kernel("batch_stats/BatchNorm_0/var", [3]),
            kernel("params/BatchNorm_0/bias", [3]), kernel("params/BatchNorm_0/scale", [3]),
            kernel("params/Dense_0/bias", [3]), kernel("params/Dense_0/kernel", [4, 3]),
            kernel("params/Dense_1/bias", [2]), kernel("params/Dense_1/kernel", [3, 2]),
        ]
        let zoo = try imported(tensors, .mlp(MLP.Config(widths: [4, 3, 2], norm: .batch)))
        #expect(zoo.buffers == [0, 1, 2, 0, 1, 2] && zoo.row(0).prefix(3) == [0, 3, 6])
    }

    @Test("convolutions [h, w, in, out], and what was flattened [pixels, channels]")
    func convolutions() throws {
        let architecture = Architecture.convolutional(
            CNN.Config(image: ImageExtent(channels: 2, height: 4, width: 4), channels: [3], outputs: 2) {
                $0.pools = [1]
            })
        let tensors = [
            kernel("params/Conv_0/bias", [3]), kernel("params/Conv_0/kernel", [3, 3, 2, 3]),
            kernel("params/Dense_0/bias", [2]), kernel("params/Dense_0/kernel", [12, 2]),
        ]
        let zoo = try imported(tensors, architecture)
        let first = zoo.layout.slots[0]
        // [out 1, in 1, h 2, w 0] is [h 2, w 0, in 1, out 1] there.
        #expect(zoo.weights[first.offset + ((1 * 2 + 1) * 3 + 2) * 3] == Float(((2 * 3 + 0) * 2 + 1) * 3 + 1))
        let dense = zoo.layout.slots[2]
        // Channel 2, pixel 1 of output 0: row 1 * 3 + 2 there.
        #expect(zoo.weights[dense.offset + 2 * 4 + 1] == Float((1 * 3 + 2) * 2))
    }

    @Test("tables stay as they are where the network has tables")
    func tables() {
        let layout = Architecture.encoder(.init(vocabulary: 5, length: 3, depth: 1, width: 4, heads: 1, outputs: 2))
            .layout
        let tensors = ForeignNetwork([kernel("Embed_0/embedding", [5, 4])]).tensors
        #expect(TensorView(tensors, layout: layout).shapes == [[5, 4]])
        #expect(TensorView(tensors, layout: smallArchitecture.layout).shapes == [[4, 5]])
    }

    @Test("other words are PyTorch's: nothing is moved")
    func others() {
        let view = TensorView(ForeignNetwork([kernel("conv.weight", [3, 2]), kernel("scale", [3])]).tensors)
        #expect(!view.isTransposed && view.names == ["conv.weight", "scale"])
    }
}
