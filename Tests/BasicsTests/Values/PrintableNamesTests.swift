import TestSupport
import Testing

@testable import Basics

@Suite("Names of other people's files in messages")
struct PrintableNamesTests {
    private static let alphabet: [Unicode.Scalar] = [
        "a", "Z", "\u{E9}", "\u{301}", "\u{1F600}", " ", "\t", "\n", "\r", "\u{0}", "\u{1B}", "\u{7F}", "\u{85}",
        "\u{200D}", "\u{202E}", "\u{2066}", "\u{FEFF}", "\u{FFFD}",
    ]

    @Test("Whatever a name holds, what is shown is short, obeyed by nothing, and shown as it is a second time")
    func random() {
        var noise = DatasetNoise(seed: 77)
        for _ in 0..<300 {
            var name = String.UnicodeScalarView()
            for _ in 0..<noise.below(40) { name.append(Self.alphabet[noise.below(Self.alphabet.count)]) }
            let text = String(name)
            let limit = noise.below(30)
            let shown = text.printable(limit: limit)
            #expect(shown.unicodeScalars.count == min(name.count, limit) + (name.count > limit ? 3 : 0))
            for scalar in shown.unicodeScalars + text.printableLines.unicodeScalars.filter({ $0 != "\n" && $0 != "\t" })
            {
                #expect(![.control, .format].contains(scalar.properties.generalCategory))
            }
            #expect(shown.printable() == shown && text.printableLines.printableLines == text.printableLines)
            #expect(text.printableLines.unicodeScalars.count == name.count)
        }
    }

    @Test("Plain texts are left alone; the limit counts scalars and takes no more than it says")
    func limits() {
        let full = String(repeating: "x", count: 120)
        #expect(full.printable() == full && (full + "y").printable() == full + "...")
        #expect("".printable() == "" && "".printable(limit: 0) == "" && "a".printable(limit: 0) == "...")
        #expect("e\u{301}".printable(limit: 1) == "e...")
        #expect("\u{1F469}\u{200D}\u{1F680}".printable() == "\u{1F469}\u{FFFD}\u{1F680}", "what joins is a format")
        #expect("a\r\nb".printableLines == "a\u{FFFD}\nb" && "a\r\nb".printable() == "a\u{FFFD}\u{FFFD}b")
    }
}
