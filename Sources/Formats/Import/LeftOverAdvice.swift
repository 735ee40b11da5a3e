import Networks

/// What to do with tensors that no slot takes: leave them out, unless the network computes with them.
struct LeftOverAdvice {
    private let tensors: [ForeignTensor]
    private let view: TensorView
    private let extras: [Int]
    private let left: Set<Int>
    /// Names of what is kept.
    private let kept: Set<String>
    /// Most options that are written out.
    private static let mostSkips = 6

    init(_ tensors: [ForeignTensor], _ view: TensorView, _ extras: [Int]) {
        (self.tensors, self.view, self.extras) = (tensors, view, extras)
        let left = Set(extras)
        self.left = left
        kept = Set(view.names.indices.filter { !left.contains($0) }.map { view.names[$0] })
    }

    /// The advice, with the pattern that leaves all of them out where there is one; nil where there is none to give.
    func text(_ pattern: String?) -> String? {
        // A layer without its bias is another layer.
        guard !extras.contains(where: isPartOfLayer) else { return nil }
        guard let skips = pattern.map({ [$0] }) ?? names(), skips.count <= Self.mostSkips else { return nil }
        let options = skips.map { "--skip \(Self.quoted($0))" }.joined(separator: " ")
        if let factor = extras.first(where: isFactor) {
            return
                "by its name \(tensors[factor].name.printable()) changes what the network computes, and no architecture "
                + "here has it: put it into the weights and save them again (\(options) is right only where it changes "
                + "nothing)"
        }
        return "\(options) leaves \(extras.count == 1 ? "it" : "them") out"
    }

    /// Whether a tensor is the weight or bias of a module that keeps the other one.
    private func isPartOfLayer(_ index: Int) -> Bool {
        let (leaf, module) = (TensorNames.leaf(view.names[index]), TensorNames.module(view.names[index]))
        guard !module.isEmpty, ["weight", "bias"].contains(leaf) else { return false }
        return kept.contains(module + (leaf == "weight" ? ".bias" : ".weight"))
    }

    private static let factors: Set<String> = [
        "scale", "scales", "mask", "masks", "temperature", "tau", "gain", "factor", "multiplier", "alpha", "gamma",
    ]

    /// Whether a tensor is called like something that weights or outputs are multiplied by, and is not 1.
    private func isFactor(_ index: Int) -> Bool {
        let words = TensorNames.leaf(tensors[index].name).lowercased().split { !$0.isLetter }.map(String.init)
        guard words.contains(where: Self.factors.contains), tensors[index].values.count > 0 else { return false }
        return !tensors[index].values.floats().allSatisfy { $0 == 1 }
    }

    /// What leaves the tensors out: whole modules, else one by one.
    private func names() -> [String]? {
        var skips: [String] = []
        guard extras.count <= 1024 else { return nil }
        let all = Dictionary(grouping: view.names.indices) { TensorNames.module(view.names[$0]) }
        for index in extras {
            let module = TensorNames.module(tensors[index].name)
            let members = all[TensorNames.module(view.names[index])] ?? []
            let isWhole = !module.isEmpty && members.count > 1 && members.allSatisfy { left.contains($0) }
            let skip = isWhole ? module + ".*" : tensors[index].name
            if !skips.contains(skip) { skips.append(skip) }
        }
        return skips.isEmpty ? nil : skips
    }

    /// Tensors of no module that looks like a layer or a norm.
    static func oddOnes(_ view: TensorView) -> [Int] {
        var ranks: [String: [String: Int]] = [:]
        for (name, shape) in zip(view.names, view.shapes) {
            ranks[TensorNames.module(name), default: [:]][TensorNames.leaf(name)] = shape.count
        }
        return view.names.indices.filter { index in
            let module = TensorNames.module(view.names[index])
            guard !module.isEmpty, let parts = ranks[module] else { return true }
            let isLayer = parts["weight"] ?? 0 >= 2
            let isNorm = parts["weight"] == 1 && parts["bias"] == 1 || parts["running_mean"] != nil
            return !isLayer && !isNorm
        }
    }

    /// A name as it can stand in a shell. What is special even between double quotes stands between single ones, where
    /// nothing is but the quote itself.
    static func quoted(_ name: String) -> String {
        let isPlain = !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || "._-".contains($0) }
        guard !isPlain else { return name }
        guard name.contains(where: { "$`\\!\"".contains($0) }) else { return "\"\(name.printable())\"" }
        return "'" + name.printable().replacingOccurrences(of: "'", with: "'\\''") + "'"
    }
}
