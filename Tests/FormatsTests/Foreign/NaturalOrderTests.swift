import TestSupport
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("The natural order of names")
struct NaturalOrderTests {
    /// Names of a few characters: digits, what comes before and after them, and two spellings of é.
    private let names: [String] = {
        var noise = DatasetNoise(seed: 11)
        let alphabet = ["0", "1", "9", "-", "a", "f", "é", "e\u{301}"]
        return (0..<90).map { _ in (0..<noise.below(5)).map { _ in alphabet[noise.below(alphabet.count)] }.joined() }
    }()

    @Test("is total: of two names that differ in any byte, one comes first")
    func total() {
        for first in names {
            for second in names {
                let (before, after) = (NaturalOrder.precedes(first, second), NaturalOrder.precedes(second, first))
                #expect(!(before && after))
                #expect((before || after) == !first.utf8.elementsEqual(second.utf8), "\(first) \(second)")
            }
        }
    }

    @Test("is transitive: sorted, no name comes before an earlier one")
    func transitive() {
        let sorted = names.sorted(by: NaturalOrder.precedes)
        for (place, name) in sorted.enumerated() {
            let isLast = sorted[..<place].allSatisfy { !NaturalOrder.precedes(name, $0) }
            #expect(isLast, "\(name)")
        }
    }
}
