import TestSupport
import Testing

@testable import Formats

@Suite("Records of slots, and lists of names in messages")
struct SlotRecordTests {
    @Test("A record is read back as it was, whatever characters names have")
    func roundTrip() throws {
        let slots = [
            "a.weight": "layers.0.weight", "b \"x\"\n": "layers.1.weight", "é/\\": "ö",
            "": "layers.2.bias", "same": "same",
        ]
        let text = try #require(try SlotRecord.text(slots))
        #expect(SlotRecord.read(text) == slots)
    }

    @Test("There is no record where all names are the slots' own")
    func own() throws {
        #expect(try SlotRecord.text([:]) == nil && SlotRecord.text(["a": "a", "b.c": "b.c"]) == nil)
        #expect(try SlotRecord.text(["a": "a", "b": "c"]) != nil)
    }

    @Test("The same slots have the same text, in whichever order they were put in")
    func deterministic() throws {
        var choices = RandomChoices(state: 31)
        let pairs = (0..<40).map { ("tensor.\($0)", "slot.\(39 - $0)") }
        let texts = try (0..<5).map { _ in
            try SlotRecord.text(Dictionary(uniqueKeysWithValues: pairs.shuffled(using: &choices)))
        }
        #expect(Set(texts).count == 1 && texts[0] != nil)
    }

    @Test(
        "What is no record is none",
        arguments: ["", "no", "[]", "[\"a\"]", "{\"a\":1}", "{\"a\":null}", "{\"a\":\"b\""])
    func others(text: String) { #expect(SlotRecord.read(text) == nil) }

    @Test("An empty record names nothing")
    func empty() { #expect(SlotRecord.read(" {} ") == [:]) }

    @Test("A list of names is whole up to its length, then says how many more there are")
    func shown() {
        let names = (1...7).map { "n\($0)" }
        #expect([String]().shownFirst() == "" && ["a"].shownFirst() == "a")
        #expect(names.prefix(5).shownFirst() == "n1, n2, n3, n4, n5")
        #expect(names.shownFirst() == "n1, n2, n3, n4, n5 and 2 more")
        #expect(
            names.shownFirst(1) == "n1 and 6 more" && names.shownFirst(7) == names.joined(separator: ", ")
        )
    }

    @Test("Names that were not made are counted too")
    func counted() {
        #expect(["a", "b"].shownFirst(2, of: 10) == "a, b and 8 more")
        #expect((1...3).lazy.map { "n\($0)" }.shownFirst(3, of: 4) == "n1, n2, n3 and 1 more")
        #expect(["a", "b"].shownFirst(2, of: 2) == "a, b")
    }

    @Test("No list obeys a terminal, or is longer than a message may be")
    func printable() {
        #expect(["a\u{1B}[2J", "b"].shownFirst() == "a\u{FFFD}[2J, b")
        let long = [String(repeating: "x", count: 10_000), "y"].shownFirst()
        #expect(long == String(repeating: "x", count: 600) + "...")
    }
}
