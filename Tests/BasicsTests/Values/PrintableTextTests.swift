import Testing

@testable import Basics

@Suite("Text that a terminal may show")
struct PrintableTextTests {
    @Test("Control and format characters are replaced; lines and tabs stay where lines are wanted")
    func lines() {
        let text = "a\u{1B}[31m\tb\n\u{202E}c\u{9B}\u{7F}\r"
        #expect(text.printableLines == "a\u{FFFD}[31m\tb\n\u{FFFD}c\u{FFFD}\u{FFFD}\u{FFFD}")
        #expect(text.printable() == "a\u{FFFD}[31m\u{FFFD}b\u{FFFD}\u{FFFD}c\u{FFFD}\u{FFFD}\u{FFFD}")
        #expect("plain é ± %\n".printableLines == "plain é ± %\n")
        #expect("abcdef".printable(limit: 3) == "abc...")
    }
}
