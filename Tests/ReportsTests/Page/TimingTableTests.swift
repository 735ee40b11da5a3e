import Testing

@testable import Reports

@Suite("What the clock said")
struct TimingTableTests {
    @Test("One run has a list, stages in order, seconds and numbers each in their form")
    func one() throws {
        let table = TimingTable(["zoo_seconds": 75, "break_even_networks": 3100, "judging_seconds": .nan])
        let facts = try #require(table.facts)
        #expect(facts.map(\.name) == ["break even networks", "judging", "zoo"])
        #expect(facts.map(\.value)[0] == "3,100" && facts.map(\.value)[2] == "75 s" && table.table == nil)
    }

    @Test("Several runs have a row each, with a dash for what a run has not")
    func several() throws {
        let table = TimingTable([
            "a/seed-0/zoo_seconds": 1, "a/seed-0/judging_seconds": 2, "b/seed-10/zoo_seconds": 3,
        ])
        #expect(table.facts == nil)
        let html = try #require(table.table?.html())
        #expect(html.contains("<th scope=\"col\">judging</th><th scope=\"col\">zoo</th>"))
        #expect(html.contains("<th scope=\"row\">a/seed-0</th><td>2 s</td><td>1 s</td>"))
        #expect(html.contains("<th scope=\"row\">b/seed-10</th><td>–</td><td>3 s</td>"))
    }

    @Test("Without any time there is an empty list")
    func none() {
        #expect(TimingTable([:]).facts == [] && TimingTable([:]).table == nil)
    }
}
