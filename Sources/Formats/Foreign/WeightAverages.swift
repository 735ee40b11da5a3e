/// Averages of weights over training (EMA, SWA) that stand beside the weights themselves, as they are named.
enum WeightAverages {
    private static let words: Set<String> = [
        "ema", "swa", "shadow", "collected", "averaged", "average", "avg", "polyak", "emamodel", "modelema",
    ]
    /// The words that files of averages are named by; the others are those of layers and measurements too.
    private static let wordsOfFiles: Set<String> = ["ema", "swa", "averaged"]

    /// Whether a key says that it holds an average: `ema`, `params_ema`, `shadow_params`, `averaged_model`.
    static func isKey(_ key: String) -> Bool { parts(key).contains { words.contains($0) } }

    /// A file's name without the words that say that it holds an average; nil where it has none.
    static func without(_ stem: String) -> String? {
        let all = parts(stem)
        let rest = all.filter { !wordsOfFiles.contains($0) }
        return rest.count == all.count ? nil : rest.joined(separator: "_")
    }

    /// The parts of a name, `model`, `ema` of `model_ema` or `modelEMA`.
    static func parts(_ name: String) -> [String] {
        var parts = [""]
        var wasLower = false
        for character in name {
            guard character.isLetter || character.isNumber else {
                parts.append("")
                wasLower = false
                continue
            }
            if character.isUppercase, wasLower { parts.append("") }
            wasLower = character.isLowercase
            parts[parts.count - 1].append(contentsOf: character.lowercased())
        }
        return parts.filter { !$0.isEmpty }
    }

    /// A word on the weights that were taken, where others stand beside them.
    static func note(taken: String, beside others: [String]) -> String {
        let shown = others.map { "\"\($0)\"" }.shownFirst()
        let key = others.count == 1 ? others[0].printable() : "NAME"
        return "the weights under \"\(taken)\" were taken; others stand under \(shown) (--key \(key) takes "
            + (others.count == 1 ? "those)" : "one of them)")
    }
}

extension WeightAverages {
    /// What one network's tensors hold beside the weights, by names alone: averages under a prefix of their own.
    struct Found {
        /// The prefix of the averages.
        let prefix: String
        /// Which tensors are averages.
        let places: Set<Int>
    }

    /// The averages among the tensors of one network, whose names are those of other tensors with a prefix that says
    /// so: `ema_model.0.weight` beside `online_model.0.weight` or `0.weight`, `model_ema.0weight` (dots left out) and
    /// `ema_0_weight` (for dots lines). Nil where there are none, or no others.
    static func find(_ names: [String]) -> Found? {
        guard let prefix = names.lazy.compactMap(prefix).first else { return nil }
        let places = names.indices.filter { names[$0].hasPrefix(prefix) }
        let others = names.indices.filter { !names[$0].hasPrefix(prefix) }.map { names[$0] }
        guard !others.isEmpty else { return nil }
        var known: Set<String> = []
        for name in others {
            let inside = name.firstIndex(of: ".").map { String(name[name.index(after: $0)...]) } ?? name
            for form in [name, inside] {
                known.formUnion([form, form.replacing(".", with: ""), form.replacing(".", with: "_")])
            }
        }
        let matching = places.count { known.contains(String(names[$0].dropFirst(prefix.count))) }
        guard matching * 2 > places.count else { return nil }
        return Found(prefix: prefix, places: Set(places))
    }

    /// What a name begins with that says that it is an average: a first part with such a word, or `ema_`.
    private static func prefix(_ name: String) -> String? {
        guard let dot = name.firstIndex(of: ".") else { return name.hasPrefix("ema_") ? "ema_" : nil }
        return isKey(String(name[..<dot])) ? String(name[...dot]) : nil
    }
}
