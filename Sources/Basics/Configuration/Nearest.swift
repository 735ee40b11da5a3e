/// Finds the word that a person most likely meant.
package enum Nearest {
    /// The candidate at the smallest edit distance (the first of equals), if at most a third of the word is wrong.
    package static func match(_ word: String, among candidates: [String]) -> String? {
        let limit = max(2, word.count / 3)
        let spelt = plain(word)
        let best = candidates.map { (distance: distance(spelt, plain($0)), candidate: $0) }
            .min { $0.distance < $1.distance }
        // BatchNorm1d is "batch" with more.
        if best.map({ $0.distance > limit }) ?? false {
            let starts = candidates.filter { $0.count >= 4 && spelt.hasPrefix(plain($0)) }
            if let longest = starts.max(by: { $0.count < $1.count }) { return longest }
        }
        guard let best, best.distance <= limit, best.distance < word.count else { return nil }
        return best.candidate
    }

    /// A word as it is compared: case and the mark between words are seldom what is meant.
    private static func plain(_ word: String) -> String { word.lowercased().replacing("_", with: "-") }

    /// The sentence for a hint, or empty.
    package static func hint(_ candidate: String?) -> String { candidate.map { "did you mean \($0)?" } ?? "" }

    /// The sentence for a hint that also says what there is, of a long list its beginning.
    package static func hint(_ candidate: String?, of known: [String]) -> String {
        let shown = known.prefix(12).joined(separator: ", ")
        let rest = known.count > 12 ? " and \(known.count - 12) more" : ""
        let all = known.isEmpty ? "" : "there \(known.count == 1 ? "is" : "are") \(shown)\(rest)"
        return candidate.map { "did you mean \($0)?" + (all.isEmpty ? "" : " " + all) } ?? all
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours between words (Damerau).
    package static func distance(_ left: String, _ right: String) -> Int {
        let a = Array(left), b = Array(right)
        var before: [Int] = []
        var above = Array(0...b.count)
        for i in a.indices {
            var row = [i + 1]
            for j in b.indices {
                var cost = min(row[j] + 1, above[j + 1] + 1, above[j] + (a[i] == b[j] ? 0 : 1))
                if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { cost = min(cost, before[j - 1] + 1) }
                row.append(cost)
            }
            (before, above) = (above, row)
        }
        return above[b.count]
    }
}
