/// Turns TensorFlow's variables into PyTorch's tensors, one after the other in the order of the layers.
///
/// Names: `dense/kernel:0` becomes `dense.weight`, gamma and beta weight and bias, moving_mean and moving_variance
/// running_mean and running_var. Axes: dense [in, out] becomes [out, in], convolutions [spatial..., in, out] become
/// [out, in, spatial...], depthwise ones [h, w, C, M] become [C M, 1, h, w]. The first dense kernel after a
/// convolution of C channels whose inputs are C S > C reads what TensorFlow's Flatten made of [S, C]; PyTorch flattens
/// [C, S], so its inputs are reordered.
struct TensorFlowAxes {
    /// Whether images are [C, h, w], so that flattening them is the same in both.
    var channelsFirst = false
    /// Channels of the convolution before this layer, until a dense layer has read them.
    private var channels: Int?

    /// Starts before the first layer.
    init(channelsFirst: Bool = false) { self.channelsFirst = channelsFirst }

    private static let leaves = [
        "kernel": "weight", "depthwise_kernel": "weight", "pointwise_kernel": "pointwise_weight",
        "recurrent_kernel": "recurrent_weight", "embeddings": "weight", "gamma": "weight", "beta": "bias",
        "moving_mean": "running_mean", "moving_variance": "running_var",
    ]

    /// The next variable as a tensor of ours.
    mutating func convert(_ variable: ForeignTensor) -> ForeignTensor {
        var parts = variable.name.split(separator: "/").map(String.init)
        let leaf = parts.popLast().map { String($0.prefix { $0 != ":" }) } ?? ""
        var tensor = moved(variable, leaf)
        tensor.name = (parts + [Self.leaves[leaf] ?? leaf]).joined(separator: ".")
        return tensor
    }

    private mutating func moved(_ tensor: ForeignTensor, _ leaf: String) -> ForeignTensor {
        let rank = tensor.shape.count
        guard leaf.hasSuffix("kernel"), rank >= 2 else { return tensor }
        if leaf == "depthwise_kernel", rank == 4 {
            let outputs = tensor.shape[2] * tensor.shape[3]
            channels = outputs
            return tensor.transposed([2, 3, 0, 1]).reshaped([outputs, 1, tensor.shape[0], tensor.shape[1]])
        }
        if rank == 2 { return dense(tensor) }
        channels = tensor.shape[rank - 1]
        return tensor.transposed([rank - 1, rank - 2] + Array(0..<rank - 2))
    }

    private mutating func dense(_ tensor: ForeignTensor) -> ForeignTensor {
        defer { channels = nil }
        let (inputs, outputs) = (tensor.shape[0], tensor.shape[1])
        guard let channels, channels > 0, !channelsFirst, inputs > channels, inputs % channels == 0 else {
            return tensor.transposed([1, 0])
        }
        return tensor.reshaped([inputs / channels, channels, outputs]).transposed([2, 1, 0])
            .reshaped([outputs, inputs])
    }
}
