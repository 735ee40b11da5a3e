/// In which order modules of one kind follow each other: as in the file where that means something, as the numbers in
/// their names say, or as their shapes tell.
struct MatchOrder {
    /// What came of it: for each of the layout's modules the place among the file's.
    enum Outcome: Equatable {
        case found([Int], TensorMatch.Rule)
        case doubtful(String)
        case differs
    }

    private let names: [String]
    private let isOrdered: Bool
    /// The modules with those of one name but for numbers sorted by these, in the places that they have together.
    private let numbered: [Int]
    private let lists: Int

    /// Modules of one kind by name, in the order of the file.
    init(names: [String], isOrdered: Bool) {
        (self.names, self.isOrdered) = (names, isOrdered)
        let skeletons = names.map(NaturalOrder.skeleton)
        let known = Set(skeletons)
        // Keras counts dense, dense_1, dense_2.
        let groups = Dictionary(grouping: names.indices) { index in
            let counted = NaturalOrder.skeleton(names[index] + "_1")
            return known.contains(counted) ? counted : skeletons[index]
        }
        var order = Array(names.indices)
        for group in groups.values {
            let sorted = group.sorted { NaturalOrder.precedes(names[$0], names[$1]) }
            for (place, module) in zip(group, sorted) { order[place] = module }
        }
        (numbered, lists) = (order, groups.count)
    }

    /// Matches modules of a file to the layout's, which stand in their order; `isSame` says whether two of the file's
    /// have the same numbers.
    func match(
        _ have: [[String: [Int]]], _ want: [[String: [Int]]], isSame: (Int, Int) -> Bool = { _, _ in false }
    ) -> Outcome {
        func fits(_ order: [Int]) -> Bool { zip(order, want).allSatisfy { have[$0] == $1 } }
        let file = Array(names.indices)
        if isOrdered {
            let (inFile, byNumber) = (fits(file), fits(numbered))
            if inFile, byNumber, file != numbered {
                let place = file.first { file[$0] != numbered[$0] } ?? 0
                return .doubtful(
                    "\(names[place].printable()) before \(names[numbered[place]].printable()): the file's order and the numbers in the names "
                        + "disagree, and both fit")
            }
            if inFile { return wordDoubt(have).map { Outcome.doubtful($0) } ?? .found(file, .file) }
            if byNumber { return .found(numbered, .numbers) }
        } else if lists == 1 {
            return fits(numbered) ? .found(numbered, .numbers) : .differs
        }
        return byShape(have, want, isSame)
    }

    private static let (firstWords, lastWords): (Set<String>, Set<String>) = (
        ["input", "first", "stem", "in"], ["output", "out", "head", "last", "final", "classifier", "logits"]
    )

    /// What names say against the file's order, where modules of the same shapes could stand in another: an `output`
    /// that is not the last, an `input` that is not the first.
    private func wordDoubt(_ shapes: [[String: [Int]]]) -> String? {
        func place(_ words: Set<String>) -> Int? {
            let found = names.indices.filter { index in
                TensorNames.leaf(names[index]).lowercased().split { !$0.isLetter }.contains {
                    words.contains(String($0))
                }
            }
            return found.count == 1 ? found[0] : nil
        }
        let end = names.count - 1
        if let last = place(Self.lastWords), last < end, shapes[last] == shapes[end] {
            return "\(names[last].printable()) before \(names[end].printable()), which has the same shapes"
        }
        if let first = place(Self.firstWords), first > 0, shapes[first] == shapes[0] {
            return "\(names[0].printable()) before \(names[first].printable()), which has the same shapes"
        }
        return nil
    }

    /// Modules without any order: each where its shapes are needed, those of one shape by the numbers in their names,
    /// and those of the same numbers (tied layers) anyhow.
    private func byShape(
        _ have: [[String: [Int]]], _ want: [[String: [Int]]], _ isSame: (Int, Int) -> Bool
    ) -> Outcome {
        let mine = Dictionary(grouping: have.indices) { have[$0] }
        let ours = Dictionary(grouping: want.indices) { want[$0] }
        guard mine.mapValues(\.count) == ours.mapValues(\.count) else { return .differs }
        var found = [Int](repeating: 0, count: want.count)
        var rule = TensorMatch.Rule.shapes
        for (shapes, places) in ours.sorted(by: { $0.value[0] < $1.value[0] }) {
            var modules = mine[shapes] ?? []
            if modules.count > 1, !modules.dropFirst().allSatisfy({ isSame(modules[0], $0) }) {
                guard MatchOrder(names: modules.map { names[$0] }, isOrdered: false).lists == 1 else {
                    return .doubtful(
                        "\(names[modules[0]].printable()) and \(names[modules[1]].printable()) of the same shapes, and neither the file's "
                            + "order nor numbers tell which comes first")
                }
                modules.sort { NaturalOrder.precedes(names[$0], names[$1]) }
                rule = .numbers
            }
            for (place, module) in zip(places, modules) { found[place] = module }
        }
        return .found(found, rule)
    }

    /// The order of tensors where it means something: the file's own, or by numbers where names differ in numbers
    /// alone. Formats that sort their tensors and files that list names alphabetically say nothing about it.
    static func known(_ names: [String], isOrdered: Bool) -> [Int]? {
        if isOrdered, !isSorted(names) { return Array(names.indices) }
        guard Set(names.map(NaturalOrder.skeleton)).count == 1 else { return nil }
        return names.indices.sorted { NaturalOrder.precedes(names[$0], names[$1]) }
    }

    /// Whether names stand in the order of their bytes, as someone sorts them.
    static func isSorted(_ names: [String]) -> Bool {
        names.count > 1 && zip(names, names.dropFirst()).allSatisfy { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// How many places a module stands after another in the same list (`net.0`, `net.2`: 2); nil in different ones.
    static func gap(_ first: String, _ second: String) -> Int? {
        guard TensorNames.module(first) == TensorNames.module(second), let one = Int(TensorNames.leaf(first)),
            let other = Int(TensorNames.leaf(second))
        else { return nil }
        return other - one
    }
}
