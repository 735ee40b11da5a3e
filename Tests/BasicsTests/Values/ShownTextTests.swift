import Testing

@testable import Basics

@Suite("Texts on a terminal, and seeds")
struct ShownTextTests {
    @Test(
        "Control characters are written out; words, lines and tabs stay",
        arguments: [
            ("plain", "plain"), ("a\u{1B}[2Jb", "a\\u{1B}[2Jb"), ("a\nb\tc", "a\nb\tc"), ("\u{9B}31m", "\\u{9B}31m"),
            ("\u{202E}abc", "\\u{202E}abc"), ("ä – ± 漢", "ä – ± 漢"), ("\r", "\\u{D}"), ("", ""),
        ])
    func controls(_ text: String, _ expected: String) {
        #expect(text.shown == expected)
    }

    @Test("One range of seeds, which every reader of JSON keeps exactly")
    func seeds() {
        #expect(Seed.range.lowerBound == 0 && Double(Seed.range.upperBound) == 0x1p53 - 1)
        #expect(ConfigType.seed.expectation == Seed.expectation)
    }
}
