import Basics
import Networks

/// Says what of a network does not fit a layout: which tensors are left over, which slots stay empty, or what the
/// tensors are in truth.
///
/// What is named as left over was left out by way of trial, and the rest fits: `--skip` with the name that the message
/// has does what it says.
struct MappingFailure {
    private let tensors: [ForeignTensor]
    private let view: TensorView
    private let fitting: TensorFitting
    /// More groups than these are not tried, and fewer of them where there are very many tensors to match each time.
    private static let mostTried = 512
    private static let mostMatched = 1 << 20

    init(_ tensors: [ForeignTensor], _ view: TensorView, _ fitting: TensorFitting) {
        (self.tensors, self.view, self.fitting) = (tensors, view, fitting)
    }

    /// The error of the file at `place`.
    func error(place: String) -> DataError {
        let layout = fitting.layout
        if Set(tensors.map(\.name)).count != tensors.count {
            return DataError(
                .malformed, path: place, expected: "tensors of different names", found: "tensors of the same name")
        }
        if let finding = wrongShape() { return finding.error(place) }
        if let rivals = rivals() { return rivals.error(place) }
        if let extras = leftOver() { return extras.error(place) }
        if let finding = named() ?? turned() { return finding.error(place) }
        return DataError(
            .malformed, path: place, expected: "the tensors of the architecture (\(layout.brief))",
            found: (tensors.count == 1 ? "tensor " : "others: ") + listed(Array(tensors.indices)), hint: hint)
    }

    /// What is wrong, before the place is known.
    private struct Finding {
        let expected: String
        let found: String
        let hint: String

        func error(_ place: String) -> DataError {
            DataError(
                .malformed, path: place, expected: expected, found: found, hint: hint)
        }
    }

    /// What `--architecture` should have been, else that it must fit.
    private var hint: String {
        if fitting.byNameAlone {
            return "without --architecture all networks must bear the first one's names; --pattern "
                + "\"model.safetensors\" reads some files of a folder alone, --skip NAME leaves a tensor out"
        }
        let found = ArchitectureProposal(view, isOrdered: fitting.isOrdered)
        if lacksNorms(found.architectures()) {
            return "the file has no weights for the norms: norms without any (elementwise_affine=False) must be saved "
                + "with weights of 1 and biases of 0"
        }
        let proposals = found.texts()
        guard !proposals.isEmpty else {
            return "--architecture must describe these networks; --skip NAME leaves a tensor out"
        }
        return "these are the tensors of --architecture " + proposals.joined(separator: " or ")
    }

    /// Whether the layout has norms, and all that the tensors could be of have none.
    private func lacksNorms(_ proposals: [Architecture]) -> Bool {
        func hasNorms(_ layout: ParameterLayout) -> Bool { layout.slots.contains { $0.role == .scale } }
        return !proposals.isEmpty && hasNorms(fitting.layout) && !proposals.contains { hasNorms($0.layout) }
    }

    /// Tensors by their names, cut with a count.
    private func listed(_ indices: [Int]) -> String {
        indices.prefix(5).map { "\(tensors[$0].name.printable()) \(tensors[$0].shape)" }
            .shownFirst(4, of: indices.count)
    }
}

extension MappingFailure {
    /// The names in the form that most slots know.
    private var bestForm: [String] {
        let known = Set((fitting.layout.slots + fitting.layout.buffers).map(\.name))
        let forms = TensorNames.unwrapped(view.names)
        let all = forms + fitting.schemes.flatMap { scheme in forms.map { $0.map(scheme.ours) } }
        let scored = all.map { form in (form: form, score: form.count { known.contains($0) }) }
        return scored.max { $0.score < $1.score }?.form ?? view.names
    }

    /// A tensor of a slot's name and another shape.
    private func wrongShape() -> Finding? {
        let slots = fitting.layout.slots + fitting.layout.buffers
        let byName = Dictionary(slots.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })
        let form = bestForm
        guard form.contains(where: { byName[$0] != nil }) else { return nil }
        for (index, name) in form.enumerated() {
            guard let slot = byName[name], slot.shape != view.shapes[index] else { continue }
            let isTurned = Array(slot.shape.reversed()) == view.shapes[index] && slot.shape.count == 2
            return Finding(
                expected: "\(slot.name) \(slot.shape)", found: "\(view.shapes[index])",
                hint: isTurned ? turnedHint(index) : hint)
        }
        return nil
    }

    /// Matrices that fit one by one, but only with rows and columns exchanged.
    private func turned() -> Finding? {
        let (slots, shapes) = (fitting.layout.slots, view.shapes)
        guard slots.count == shapes.count,
            let order = MatchOrder.known(bestForm, isOrdered: fitting.isOrdered),
            zip(order, slots).allSatisfy({ shapes[$0] == $1.shape || Array(shapes[$0].reversed()) == $1.shape }),
            let (index, slot) = zip(order, slots).first(where: { shapes[$0] != $1.shape })
        else { return nil }
        return Finding(
            expected: "\(slot.name) \(slot.shape)", found: listed([index]),
            hint: turnedHint(index))
    }

    private func turnedHint(_ index: Int) -> String {
        "the same with rows and columns exchanged: --matrices \(view.axes[index] == .outFirst ? "in-out" : "out-in") "
            + "reads them so"
    }

    /// What is left over or missing by name.
    private func named() -> Finding? {
        let slots = fitting.layout.slots + fitting.layout.buffers
        let form = bestForm
        let present = Set(form)
        guard form.isEmpty || slots.contains(where: { present.contains($0.name) }) else { return nil }
        let byName = Set(slots.map(\.name))
        let extras = form.indices.filter { !byName.contains(form[$0]) }
        if let first = extras.first {
            // Not tried: several may be a sign of another architecture.
            return finding(leftOver: extras, skip: extras.count == 1 ? tensors[first].name : nil, isSure: false)
        }
        let missing = slots.first { !present.contains($0.name) }
        return Finding(
            expected: "a tensor for every slot (\(fitting.layout.brief))",
            found: missing.map { "none for \($0.name) \($0.shape)" } ?? "tensors of the same name", hint: hint)
    }

    private func finding(leftOver extras: [Int], skip: String?, isSure: Bool = true) -> Finding {
        let isOne = extras.count == 1
        let advice = isSure || isOne ? LeftOverAdvice(tensors, view, extras).text(skip) : nil
        return Finding(
            expected: "a slot for every tensor",
            found: (isOne ? "tensor " : "") + "\(listed(extras)), which none takes", hint: advice ?? hint)
    }
}

extension MappingFailure {
    /// Tensors without which the others fit, and the words that leave them out.
    private func leftOver() -> Finding? {
        // A norm is not to be left out where an architecture with norms takes all.
        let isDescribed = !ArchitectureProposal(view, isOrdered: fitting.isOrdered).architectures().isEmpty
        let groups = groups().filter { !isDescribed || !areNorms($0.indices) }
        // What fits by names or modules is likelier than what fits by shape alone.
        for isSure in [true, false] {
            for group in groups where fits(without: Set(group.indices), surely: isSure) {
                return finding(leftOver: group.indices, skip: group.skip)
            }
        }
        return nil
    }

    /// Whether all of them are vectors of norms: a weight of one axis, and what stands beside it.
    private func areNorms(_ indices: [Int]) -> Bool {
        indices.count > 1 && indices.allSatisfy { view.shapes[$0].count == 1 }
            && indices.contains { TensorNames.leaf(view.names[$0]) == "weight" }
    }

    /// Two networks side by side that both fit, each without the other.
    private func rivals() -> Finding? {
        let prefixes = prefixes()
        guard (2...16).contains(prefixes.count) else { return nil }
        let fitting = prefixes.filter { prefix in
            let others = prefixes.filter { $0.key != prefix.key }.flatMap(\.indices)
            return fits(without: Set(others))
        }
        guard fitting.count > 1 else { return nil }
        let (one, other) = (fitting[0].key, fitting[1].key)
        return Finding(
            expected: "one network", found: "two that fit, \(one.printable()) and \(other.printable())",
            hint:
                "--skip \(LeftOverAdvice.quoted(other + ".*")) takes \(one.printable()), --skip \(LeftOverAdvice.quoted(one + ".*")) the other"
        )
    }

    private func fits(without indices: Set<Int>, surely isSure: Bool = false) -> Bool {
        let kept = tensors.indices.filter { !indices.contains($0) }
        guard !kept.isEmpty, !indices.isEmpty else { return false }
        guard case .found(let basis, _, _) = fitting.outcome(view.keeping(kept)) else { return false }
        return !isSure || (basis != .order && basis != .flat)
    }

    private typealias Group = (indices: [Int], skip: String?)

    /// What may be left over, the likeliest first: what is empty, a tensor, a module, all that has the same last part,
    /// all below a prefix, all but what lies below one.
    private func groups() -> [Group] {
        let counts = [fitting.layout.slots.count, fitting.layout.slots.count + fitting.layout.buffers.count]
        let surplus = Set(counts.map { tensors.count - $0 })
        var groups: [Group] = []
        groups += tensors.indices.map { ([$0], tensors[$0].name) }
        groups += grouped { TensorNames.module($0) }.map { (TensorNames.module(tensors[$0[0]].name), $0) }
            .filter { !$0.0.isEmpty }.map { ($0.1, $0.0 + ".*") }
        groups += grouped { TensorNames.leaf($0) }.map { ($0, "*." + TensorNames.leaf(tensors[$0[0]].name)) }
        let empty = tensors.indices.filter { tensors[$0].values.count == 0 }
        groups.append((empty, nil))
        groups.append((LeftOverAdvice.oddOnes(view), nil))
        for depth in 1...3 {
            for (key, indices) in prefixes(depth) {
                groups.append((indices, key + ".*"))
                // Made where their number is right alone: there may be as many keys as tensors.
                guard surplus.contains(tensors.count - indices.count) else { continue }
                let others = Set(tensors.indices).subtracting(indices).sorted()
                let keys = Set(others.map { Self.prefix(tensors[$0].name, depth) })
                groups.append((others, keys.count == 1 ? keys.first.map { $0 + ".*" } : nil))
            }
        }
        let most = min(Self.mostTried, max(4, Self.mostMatched / max(1, tensors.count)))
        return Array(groups.filter { surplus.contains($0.indices.count) }.prefix(most))
    }

    private func grouped(_ key: (String) -> String) -> [[Int]] {
        Dictionary(grouping: tensors.indices) { key(tensors[$0].name) }.values.filter { $0.count > 1 }
            .sorted { $0[0] < $1[0] }
    }

    /// Tensors by the first parts of their names.
    private func prefixes(_ depth: Int = 1) -> [(key: String, indices: [Int])] {
        let groups = Dictionary(grouping: tensors.indices) { Self.prefix(tensors[$0].name, depth) }
        return groups.filter { !$0.key.isEmpty }.sorted { $0.value[0] < $1.value[0] }
            .map { (key: $0.key, indices: $0.value) }
    }

    /// The first parts of a name, without its last; empty where it has no more.
    private static func prefix(_ name: String, _ depth: Int) -> String {
        let parts = name.split(separator: ".")
        return parts.count > depth ? parts.prefix(depth).joined(separator: ".") : ""
    }
}
