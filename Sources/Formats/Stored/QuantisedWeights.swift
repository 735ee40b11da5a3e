import Basics

/// Weights that were rounded to a few bits: without the code that unpacks them they are no network's numbers.
enum QuantisedWeights {
    /// Last parts of names that only packed weights have: GPTQ and AWQ, bitsandbytes, PyTorch, compressed-tensors.
    private static let leaves: Set<String> = [
        "qweight", "qzeros", "g_idx", "absmax", "quant_map", "nested_absmax", "nested_quant_map", "SCB", "CB",
        "weight_format", "weight_packed", "weight_scale_inv", "zero_point", "_packed_params", "weight_zero_point",
    ]

    /// Throws `.malformed` where a network's weights are quantised: known by the names of what goes with them, or by
    /// weights of whole numbers.
    static func check(_ network: ForeignNetwork) throws {
        for tensor in network.tensors {
            let leaf = TensorNames.leaf(tensor.name)
            let isPacked = leaves.contains(leaf) || tensor.name.contains(".quant_state.")
            let isBytes = tensor.values.element == .int8 || tensor.values.element == .uint8
            let isWhole = isBytes && tensor.shape.count > 1 && (leaf == "weight" || leaf == "kernel")
            guard isPacked || isWhole else { continue }
            throw DataError.quantised(
                "\(tensor.name) \(tensor.shape) of \(tensor.values.element)", at: network.place)
        }
    }
}
