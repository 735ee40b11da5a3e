import TestSupport
import Testing

@testable import Formats

@Suite("The natural order of names, rule by rule")
struct NaturalOrderRuleTests {
    @Test("Numbers in equal surroundings compare as numbers, of any length and with zeros before them")
    func numbers() {
        var choices = RandomChoices(state: 91)
        for _ in 0..<300 {
            let (a, b) = (choices.next() >> UInt64.random(in: 0..<64, using: &choices), choices.next() >> 40)
            let zeros = String(repeating: "0", count: Int.random(in: 0...3, using: &choices))
            guard a != b else { continue }
            #expect(NaturalOrder.precedes("l.\(zeros)\(a).w", "l.\(b).w") == (a < b))
            #expect(NaturalOrder.precedes("\(a)", "\(zeros)\(b)") == (a < b))
        }
    }

    @Test("The first difference decides, wherever the later ones point")
    func firstDifference() {
        #expect(NaturalOrder.precedes("a2b10", "a10b2") && !NaturalOrder.precedes("a10b2", "a2b10"))
        #expect(NaturalOrder.precedes("a2", "b1") && NaturalOrder.precedes("a1z", "a2a"))
    }

    @Test("A name comes before what it is the beginning of")
    func prefixes() {
        let names = ["", "a", "a1", "a1.", "a1.b", "a1.b7"]
        for (first, second) in zip(names, names.dropFirst()) {
            #expect(NaturalOrder.precedes(first, second) && !NaturalOrder.precedes(second, first))
        }
    }

    @Test("Numbers that differ in zeros alone are parted by their bytes, after all else")
    func zeros() {
        #expect(NaturalOrder.precedes("a01", "a1") && NaturalOrder.precedes("a1b1", "a01b2"))
        #expect(NaturalOrder.precedes("0", "00") && NaturalOrder.precedes("00", "1"))
    }

    @Test("Where all numbers have as many digits the order is that of the bytes")
    func fixedWidth() {
        var choices = RandomChoices(state: 92)
        for _ in 0..<200 {
            let pair = (0..<2).map { _ in
                "m\(Int.random(in: 10...99, using: &choices)).\(Int.random(in: 100...999, using: &choices))"
            }
            #expect(NaturalOrder.precedes(pair[0], pair[1]) == pair[0].utf8.lexicographicallyPrecedes(pair[1].utf8))
        }
    }

    @Test("Nothing comes before itself, and digits of other scripts are letters")
    func irreflexive() {
        for name in ["", "a", "7", "a07b", "é", "٣", "١٠"] { #expect(!NaturalOrder.precedes(name, name)) }
        #expect(NaturalOrder.precedes("١٠", "٣"))
        #expect(NaturalOrder.skeleton("٣") != NaturalOrder.skeleton("١"))
    }

    @Test("Skeletons are equal exactly where names differ in numbers alone")
    func skeletons() {
        #expect(NaturalOrder.skeleton("a1.b22") == NaturalOrder.skeleton("a0333.b4"))
        for other in ["a1.b", "a.b2", "a1.c2", "a1.b2c", "1a1.b2", ""] {
            #expect(NaturalOrder.skeleton(other) != NaturalOrder.skeleton("a1.b22"), "\(other)")
        }
    }
}
