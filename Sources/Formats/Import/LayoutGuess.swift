import Basics
import Networks

/// A layout for networks of an unknown architecture: the tensors of a file in its order, roles guessed from names.
enum LayoutGuess {
    private static let most = 1 << 40

    /// The layout of these tensors; throws `.malformed` where a tensor is empty, or a vector has no parts.
    static func layout(of tensors: [ForeignTensor], place: String) throws -> ParameterLayout {
        let names = TensorNames.unwrapped(tensors.map(\.name)).last ?? []
        guard let first = tensors.first else {
            throw DataError(.malformed, path: place, expected: "tensors", found: "none")
        }
        if tensors.count == 1, first.shape.count == 1 {
            throw DataError(
                .malformed, path: place, expected: "named tensors",
                found: "one vector of \(first.values.count) numbers",
                hint: "--architecture says what lies where in it")
        }
        guard Set(names).count == names.count else {
            throw DataError(.malformed, path: place, expected: "tensors of different names", found: "two of the same")
        }
        // What stands beside a running mean is a normalisation; so is a weight with one axis.
        let isNorm = Set(
            zip(names, tensors).filter { name, tensor in
                TensorNames.isBuffer(name) || (TensorNames.leaf(name) == "weight" && tensor.shape.count == 1)
            }.map { TensorNames.module($0.0) })
        var builder = ParameterLayout.Builder()
        for (name, tensor) in zip(names, tensors) {
            guard tensor.values.count > 0, tensor.values.count < most else {
                throw DataError(
                    .malformed, path: place, expected: "tensors that are not empty",
                    found: "\(tensor.name) \(tensor.shape)",
                    hint: "--skip \(tensor.name) leaves it out")
            }
            if TensorNames.isBuffer(name) {
                let role = TensorNames.leaf(name) == "running_var" ? Slot.Role.scale : .shift
                _ = builder.addBuffer(name, shape: tensor.shape, role: role)
            } else {
                let role = role(name, rank: tensor.shape.count, isNorm: isNorm.contains(TensorNames.module(name)))
                _ = builder.addSlot(name, shape: tensor.shape, role: role)
            }
        }
        return builder.layout()
    }

    private static func role(_ name: String, rank: Int, isNorm: Bool) -> Slot.Role {
        if isNorm { return TensorNames.leaf(name) == "weight" ? .scale : .shift }
        if rank < 2 { return .bias }
        return rank == 2 && name.lowercased().contains("emb") ? .embedding : .weight
    }
}
