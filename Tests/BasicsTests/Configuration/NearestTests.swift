import Testing

@testable import Basics

@Suite("The word that was meant")
struct NearestTests {
    @Test(
        "edits: insertions, deletions, replacements, and swaps of neighbours count one each",
        arguments: [
            ("", "", 0), ("abc", "abc", 0), ("abc", "ab", 1), ("ab", "abc", 1), ("abc", "axc", 1), ("abcd", "abdc", 1),
            ("kitten", "sitting", 3), ("", "abc", 3), ("ca", "abc", 3), ("seed", "sede", 1),
        ])
    func distances(_ left: String, _ right: String, _ edits: Int) {
        #expect(Nearest.distance(left, right) == edits)
        #expect(Nearest.distance(right, left) == edits)
    }

    @Test("the nearest candidate, the first of equals; none that shares too little")
    func matches() {
        let keys = ["training", "sampling", "seed", "steps"]
        #expect(Nearest.match("trainig", among: keys) == "training")
        #expect(Nearest.match("stpes", among: keys) == "steps")
        #expect(Nearest.match("generator", among: keys) == nil)
        #expect(Nearest.match("cat", among: ["bat", "hat"]) == "bat")
        #expect(Nearest.match("x", among: ["ab"]) == nil && Nearest.match("seed", among: []) == nil)
        #expect(Nearest.hint("seed") == "did you mean seed?" && Nearest.hint(nil).isEmpty)
    }
}
