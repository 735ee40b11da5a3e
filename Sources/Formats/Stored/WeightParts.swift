import Basics

/// Weights that a file holds in parts, from which PyTorch computes them at every call: weight norm, spectral norm and
/// pruning masks, by hooks (`weight_g`) or parametrizations (`parametrizations.weight.original0`).
struct WeightParts {
    /// How parts become a weight.
    enum Kind: String {
        case weightNorm = "weight norm"
        case spectralNorm = "spectral norm"
        case mask = "a pruning mask"
    }

    /// Names of the parts of one weight, without its own name before them.
    private struct Form {
        let kind: Kind
        /// The part that stands where the weight stands.
        let main: String
        let others: [String]
    }

    private static let hooks = [
        Form(kind: .weightNorm, main: "_v", others: ["_g"]),
        Form(kind: .spectralNorm, main: "_orig", others: ["_u", "_v"]),
        Form(kind: .mask, main: "_orig", others: ["_mask"]),
    ]
    private static let parametrizations = [
        Form(kind: .weightNorm, main: ".original1", others: [".original0"]),
        Form(kind: .spectralNorm, main: ".original", others: [".0._u", ".0._v"]),
        Form(kind: .mask, main: ".original", others: [".0.mask"]),
    ]
    private static let mark = "parametrizations."
    /// Ends of names that only parts of weights have, after `weight` or `bias`.
    private static let endings = ["_g", "_orig", "_mask", "_bar", "_u"]

    /// Whether a tensor is a part of a weight by its name.
    private static func isPart(_ name: String) -> Bool {
        if name.contains(mark) || name.hasSuffix("_orig") { return true }
        let leaf = TensorNames.leaf(name)
        return endings.contains { leaf.hasSuffix($0) } && isWeight(leaf)
    }

    private static func isWeight(_ leaf: String) -> Bool { leaf.contains("weight") || leaf.contains("bias") }

    /// The network with its weights in one piece each, where the main part of it stood; throws `.malformed` for parts
    /// of which it is not known how they make a weight.
    static func joined(_ network: ForeignNetwork) throws -> ForeignNetwork {
        guard network.tensors.contains(where: { isPart($0.name) }) else { return network }
        var parts = WeightParts(network)
        for index in network.tensors.indices { try parts.join(index) }
        try parts.checkNothingLeft()
        var whole = network
        whole.tensors = parts.whole.compactMap { $0 }
        for (kind, count) in parts.counts.sorted(by: { $0.key < $1.key }) {
            whole.notes.append("\(kind) was applied to \(count) weight\(count == 1 ? "" : "s") of every network")
        }
        return whole
    }

    private let network: ForeignNetwork
    private let places: [String: Int]
    private var whole: [ForeignTensor?]
    private var counts: [String: Int] = [:]
    /// The parts of every parametrized weight, by what their names share.
    private let parametrized: [String: [String]]

    private init(_ network: ForeignNetwork) {
        self.network = network
        places = Dictionary(
            network.tensors.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        whole = network.tensors
        parametrized = Dictionary(grouping: network.tensors.map(\.name).filter { $0.contains(Self.mark) }) { name in
            guard let mark = name.ranges(of: Self.mark).first else { return name }
            let end = name[mark.upperBound...].firstIndex(of: ".") ?? name.endIndex
            return String(name[..<end])
        }
    }

    /// Puts a weight in the place of its main part, where the tensor is one.
    private mutating func join(_ index: Int) throws {
        let name = network.tensors[index].name
        let isParametrization = name.contains(Self.mark)
        for form in isParametrization ? Self.parametrizations : Self.hooks where name.hasSuffix(form.main) {
            let stem = String(name.dropLast(form.main.count))
            let others = form.others.compactMap { places[stem + $0] }
            guard others.count == form.others.count,
                isParametrization || form.kind == .mask || Self.isWeight(TensorNames.leaf(stem))
            else { continue }
            if isParametrization { try checkOnlyOne(stem, form) }
            let own = isParametrization ? stem.replacing(Self.mark, with: "", maxReplacements: 1) : stem
            let values = try values(form.kind, network.tensors[index], others.map { network.tensors[$0] })
            for other in others { whole[other] = nil }
            whole[index] = ForeignTensor(
                name: own, shape: network.tensors[index].shape, values: ForeignValues(floats: values))
            counts[form.kind.rawValue, default: 0] += 1
            return
        }
    }

    /// Refuses a weight with several parametrizations, of which only one would be applied.
    private func checkOnlyOne(_ stem: String, _ form: Form) throws {
        let known = Set(([form.main] + form.others).map { stem + $0 })
        guard let other = parametrized[stem]?.first(where: { !known.contains($0) }) else { return }
        throw refusal(other)
    }

    private func checkNothingLeft() throws {
        for tensor in whole {
            if let name = tensor?.name, Self.isPart(name), !name.hasSuffix("_orig") || Self.isWeight(name) {
                throw refusal(name)
            }
        }
    }

    private func refusal(_ name: String) -> DataError {
        DataError(
            .malformed, path: network.place, expected: "weights as they compute",
            found: "\(name.printable()), a part of a weight that is parametrized in a way that is not known here",
            hint: "save the network after torch.nn.utils.parametrize.remove_parametrizations or prune.remove")
    }

    private func values(_ kind: Kind, _ main: ForeignTensor, _ others: [ForeignTensor]) throws -> [Float] {
        let numbers = others.map { $0.values.doubles() }
        let result: [Double]?
        switch kind {
        case .weightNorm: result = Self.weightNorm(main, others[0].shape, numbers[0])
        case .spectralNorm: result = Self.spectralNorm(main, numbers[0], numbers[1])
        case .mask: result = others[0].shape == main.shape ? zip(main.values.doubles(), numbers[0]).map(*) : nil
        }
        guard let result else {
            throw DataError(
                .malformed, path: network.place, expected: "parts of \(kind.rawValue) that fit each other",
                found: "\(main.name) \(main.shape) and "
                    + others.map { "\($0.name) \($0.shape)" }.joined(separator: ", ").printable())
        }
        return result.map { Float($0) }
    }
}

extension WeightParts {
    /// g v / |v|: the norm is over all axes of `v` but that along which `g` reaches.
    static func weightNorm(_ main: ForeignTensor, _ shape: [Int], _ lengths: [Double]) -> [Double]? {
        let direction = main.values.doubles()
        let full = shape.isEmpty || shape == [1] ? main.shape.map { _ in 1 } : shape
        guard full.count == main.shape.count, zip(full, main.shape).allSatisfy({ $0 == 1 || $0 == $1 }) else {
            return nil
        }
        // Which length every number goes with.
        var group = [Int](repeating: 0, count: direction.count)
        var inner = 1
        var step = 1
        for axis in main.shape.indices.reversed() {
            if full[axis] > 1 {
                for index in group.indices { group[index] += index / inner % main.shape[axis] * step }
                step *= full[axis]
            }
            inner *= main.shape[axis]
        }
        guard step == lengths.count else { return nil }
        var squares = [Double](repeating: 0, count: lengths.count)
        for (index, value) in direction.enumerated() { squares[group[index]] += value * value }
        return direction.enumerated().map { index, value in
            lengths[group[index]] * value / squares[group[index]].squareRoot()
        }
    }

    /// W / (u W v), W as a matrix whose rows are those of one axis: the first, or the second of transposed
    /// convolutions. Where both are as long as `u`, that one along which `u` is nearer to W v.
    static func spectralNorm(_ main: ForeignTensor, _ left: [Double], _ right: [Double]) -> [Double]? {
        let weight = main.values.doubles()
        var best: (alignment: Double, norm: Double)?
        for axis in main.shape.indices.prefix(2)
        where main.shape[axis] == left.count && left.count * right.count == weight.count {
            let product = Self.product(weight, main.shape, axis: axis, right)
            let norm = zip(left, product).reduce(0) { $0 + $1.0 * $1.1 }
            let length = product.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let alignment = length == 0 ? 0 : norm / length
            if best.map({ alignment > $0.alignment }) ?? true { best = (alignment, norm) }
        }
        guard let best, best.norm != 0 else { return nil }
        return weight.map { $0 / best.norm }
    }

    /// The product of a weight as a matrix, rows along `axis`, the others in their order, with a vector.
    private static func product(_ weight: [Double], _ shape: [Int], axis: Int, _ vector: [Double]) -> [Double] {
        let inner = shape[(axis + 1)...].reduce(1, *)
        var result = [Double](repeating: 0, count: shape[axis])
        for (index, value) in weight.enumerated() {
            let outside = index / (inner * shape[axis])
            result[index / inner % shape[axis]] += value * vector[outside * inner + index % inner]
        }
        return result
    }
}
