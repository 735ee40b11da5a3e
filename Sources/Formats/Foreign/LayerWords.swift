/// The words of Flax, Haiku, Keras and scikit-learn for what a layer holds, in place of PyTorch's `weight` and `bias`:
/// `params/Dense_0/kernel`, `linear1.kernel.value`, `fc1_kernel`, `mlp/~/linear_0/w`, `coefs_0`.
struct LayerWords {
    /// What a tensor is, as far as it decides how its numbers lie.
    enum Kind {
        /// Weights that are [..., in, out].
        case kernel
        /// A table, which is [in, out].
        case table
        case other
    }

    /// A name in PyTorch's words, and what it says.
    struct Reading {
        let name: String
        let kind: Kind
    }

    /// Whether all names are in such words: PyTorch has a `weight` in every network.
    let areForeign: Bool
    /// The names of a network, read.
    let readings: [Reading]

    /// Reads the names of one network's tensors.
    init(_ names: [String]) {
        var areForeign = false
        for name in names {
            guard !Self.isPlain(name) else {
                areForeign = false
                break
            }
            if !areForeign, let kind = Self.read(name)?.kind, kind != .other { areForeign = true }
        }
        self.areForeign = areForeign
        readings = names.map { name in
            let reading = areForeign || Self.isOwnWord(name) ? Self.read(name) : nil
            let path = areForeign ? name.split(whereSeparator: Self.isMark).joined(separator: ".") : name
            return reading ?? Reading(name: path.isEmpty ? name : path, kind: .other)
        }
    }

    private static let kernels: Set<String> = ["kernel", "kernels", "coefs", "coef"]
    private static let tables: Set<String> = ["embedding", "embeddings"]
    /// What each word is in PyTorch's, longer ones before those that they end with.
    private static let words: [(theirs: String, ours: String)] = [
        ("moving_variance", "running_var"), ("moving_mean", "running_mean"), ("intercepts", "bias"),
        ("intercept", "bias"), ("embeddings", "weight"), ("embedding", "weight"), ("kernels", "weight"),
        ("kernel", "weight"), ("coefs", "weight"), ("coef", "weight"), ("biases", "bias"), ("bias", "bias"),
        ("offset", "bias"), ("scale", "weight"), ("gamma", "weight"), ("beta", "bias"), ("mean", "running_mean"),
        ("var", "running_var"),
    ]
    private static let exact = Dictionary(uniqueKeysWithValues: words.map { ($0.theirs, $0.ours) })

    private static func isMark(_ character: Character) -> Bool { character == "/" || character == "." }

    /// Whether a name's last part is PyTorch's own word.
    private static func isPlain(_ name: String) -> Bool {
        name == "weight" || name.hasSuffix(".weight") || name.hasSuffix("/weight")
    }

    /// Whether a name's last part is a word for a kernel or a table and nothing else, which holds beside others too.
    private static func isOwnWord(_ name: String) -> Bool {
        guard name.contains("kernel") || name.contains("embedding") else { return false }
        let leaf = name.split(whereSeparator: isMark).last.map { String($0.prefix { $0 != ":" }) } ?? name
        return leaf == "kernel" || tables.contains(leaf)
    }

    /// Reads one name; nil where it has none of the words.
    private static func read(_ name: String) -> Reading? {
        var parts = name.split(whereSeparator: isMark).map(String.init)
        guard var leaf = parts.popLast() else { return nil }
        // TensorFlow counts the outputs of what made a variable.
        leaf = String(leaf.prefix { $0 != ":" })
        if let haiku = haiku(leaf, parts, name) { return haiku }
        var found = word(in: leaf)
        if found == nil, let last = parts.last, let word = exact[last.lowercased()] {
            // NNX keeps the numbers of a variable under its name; lists of kernels count them there.
            parts.removeLast()
            let isValue = ["value", "raw_value"].contains(leaf)
            found = (last.lowercased(), word, isValue ? "" : leaf)
        }
        guard let found else { return nil }
        if !found.rest.isEmpty { parts.append(found.rest) }
        let kind: Kind = kernels.contains(found.theirs) ? .kernel : tables.contains(found.theirs) ? .table : .other
        return Reading(name: (parts + [found.ours]).joined(separator: "."), kind: kind)
    }

    /// The word that a last part is, ends with or begins with, in any case, and what else it says (`fc1` of
    /// `fc1_kernel`).
    private static func word(in leaf: String) -> (theirs: String, ours: String, rest: String)? {
        let lower = leaf.lowercased()
        if let ours = exact[lower] { return (lower, ours, "") }
        for (theirs, ours) in words {
            if lower.hasSuffix("_" + theirs) { return (theirs, ours, String(leaf.dropLast(theirs.count + 1))) }
            if lower.hasPrefix(theirs + "_") { return (theirs, ours, String(leaf.dropFirst(theirs.count + 1))) }
            if lower.hasPrefix(theirs), lower.dropFirst(theirs.count).allSatisfy(\.isNumber) {
                return (theirs, ours, String(leaf.dropFirst(theirs.count)))
            }
            if leaf.hasSuffix(theirs.prefix(1).uppercased() + theirs.dropFirst()) {
                return (theirs, ours, String(leaf.dropLast(theirs.count)))
            }
        }
        return nil
    }

    /// Haiku's `w` and `b`, known by its `~` and the names that its modules have unless they are given others, or by
    /// the slash, which stands in no name of PyTorch's.
    private static func haiku(_ leaf: String, _ parts: [String], _ name: String) -> Reading? {
        guard let ours = ["w": "weight", "b": "bias"][leaf], let module = parts.last else { return nil }
        let isDefault = ["linear", "conv1_d", "conv2_d", "conv3_d"].contains { stem in
            module == stem
                || module.hasPrefix(stem + "_") && module.dropFirst(stem.count + 1).allSatisfy(\.isNumber)
        }
        guard isDefault || parts.contains("~") || name.contains("/") else { return nil }
        let kept = parts.filter { $0 != "~" }
        return Reading(name: (kept + [ours]).joined(separator: "."), kind: ours == "weight" ? .kernel : .other)
    }
}
