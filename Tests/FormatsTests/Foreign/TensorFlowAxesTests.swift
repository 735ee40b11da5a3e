import Testing

@testable import Formats

@Suite("TensorFlow's axes and names")
struct TensorFlowAxesTests {
    /// A tensor whose number at an index is the index read as a number in base ten.
    private func tensor(_ name: String, _ shape: [Int]) -> ForeignTensor {
        var values: [Float] = [0]
        for extent in shape { values = values.flatMap { value in (0..<extent).map { 10 * value + Float($0) } } }
        return ForeignTensor(name: name, shape: shape, values: ForeignValues(floats: values))
    }

    private func convert(_ tensors: [ForeignTensor], channelsFirst: Bool = false) -> [ForeignTensor] {
        var axes = TensorFlowAxes(channelsFirst: channelsFirst)
        return tensors.map { axes.convert($0) }
    }

    @Test(
        "Leaves get PyTorch's names, folders become dots, and numbers of variables go",
        arguments: [
            ("dense/kernel:0", "dense.weight"), ("bn/gamma:0", "bn.weight"), ("bn/beta", "bn.bias"),
            ("bn/moving_mean:0", "bn.running_mean"), ("bn/moving_variance:0", "bn.running_var"),
            ("emb/embeddings:0", "emb.weight"), ("rnn/cell/recurrent_kernel:0", "rnn.cell.recurrent_weight"),
            ("s/depthwise_kernel", "s.weight"), ("s/pointwise_kernel", "s.pointwise_weight"), ("a/bias:0", "a.bias"),
            ("kernel", "weight"), ("a/other:12", "a.other"), ("", ""),
        ])
    func names(name: String, expected: String) {
        #expect(convert([tensor(name, [2])])[0].name == expected)
    }

    @Test("Dense kernels are transposed; vectors and tables stay")
    func dense() {
        let found = convert([tensor("d/kernel", [2, 3]), tensor("d/bias", [3]), tensor("e/embeddings", [3, 2])])
        #expect(found.map(\.shape) == [[3, 2], [3], [3, 2]])
        #expect(found[0].values.floats() == [0, 10, 1, 11, 2, 12])
        #expect(found[2].values.floats() == [0, 1, 10, 11, 20, 21])
    }

    @Test("Convolutions of one to three axes of space become [out, in, space]", arguments: 1...3)
    func convolutions(rank: Int) {
        let space = [2, 3, 4].prefix(rank)
        let found = convert([tensor("c/kernel", space + [5, 6])])[0]
        #expect(found.shape == [6, 5] + space)
        // The last element in PyTorch's order is the last in each axis of TensorFlow's.
        #expect(found.values.floats().last == (space + [5, 6]).reduce(0) { 10 * $0 + Float($1 - 1) })
        // One step along the last axis of space.
        #expect(found.values.floats()[1] == 100)
        // One step along the inputs.
        #expect(found.values.floats()[space.reduce(1, *)] == 10)
    }

    @Test("Depthwise kernels [h, w, C, M] become [C M, 1, h, w]")
    func depthwise() {
        let found = convert([tensor("c/depthwise_kernel", [2, 2, 3, 2])])[0]
        #expect(found.shape == [6, 1, 2, 2])
        #expect(Array(found.values.floats().prefix(8)) == [0, 100, 1000, 1100, 1, 101, 1001, 1101])
        #expect(convert([tensor("c/depthwise_kernel", [2, 3, 4])])[0].shape == [4, 3, 2])
    }

    @Test("The first dense layer after a convolution reads channels first; the next is plain again")
    func flattened() {
        let (conv, dense) = (tensor("c/kernel", [1, 1, 2]), tensor("d/kernel", [6, 1]))
        // Two channels at three places: input 2 s + c goes to 3 c + s.
        let found = convert([conv, tensor("c/bias", [2]), dense, dense])
        #expect(found[2].shape == [1, 6] && found[2].values.floats() == [0, 20, 40, 10, 30, 50])
        #expect(found[3].values.floats() == [0, 10, 20, 30, 40, 50])
        #expect(convert([conv, dense], channelsFirst: true)[1].values.floats() == [0, 10, 20, 30, 40, 50])
    }

    @Test("A dense layer that reads channels alone, or a number that they do not divide, is plain", arguments: [2, 5])
    func notFlattened(inputs: Int) {
        let dense = tensor("d/kernel", [inputs, 1])
        let found = convert([tensor("c/kernel", [1, 1, 2]), dense, tensor("e/kernel", [6, 1])])
        #expect(found[1].values.floats() == dense.values.floats())
        #expect(found[2].values.floats() == [0, 10, 20, 30, 40, 50])
    }

    @Test("Depthwise outputs are the channels of what follows")
    func depthwiseChannels() {
        let found = convert([tensor("c/depthwise_kernel", [1, 1, 1, 2]), tensor("d/kernel", [4, 1])])
        #expect(found[1].values.floats() == [0, 20, 10, 30])
    }

    @Test("Transposing there and back changes nothing", arguments: [[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]])
    func transposing(order: [Int]) {
        let whole = tensor("t", [2, 3, 4])
        let back = order.indices.map { axis in order.firstIndex(of: axis) ?? 0 }
        #expect(whole.transposed(order).transposed(back) == whole)
        #expect(whole.transposed(order).shape == order.map { whole.shape[$0] })
    }
}
