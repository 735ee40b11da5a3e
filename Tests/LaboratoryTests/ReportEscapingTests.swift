import Foundation
import ModelZoo
import Networks
import ReportTestSupport
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory
@testable import Reports

/// No text of what a report shows becomes markup, wherever it stands.
@Suite("Texts in reports")
struct ReportEscapingTests {
    /// Two texts that are set equally wide, so that labels find the same places.
    private static let (hostile, harmless) = ("<b>&\"", "abcde")

    /// Words that programs read, without and with those that pictures are drawn by.
    static let kept: [Set<String>] = [
        ["format", "quality", "novelty", "what"], ["format", "quality", "novelty", "what", "arm", "name"],
    ]

    /// A report with every text of its data replaced, but for the words that programs read.
    private static func rewritten(_ input: ReportInput, _ text: String, keeping: Set<String>) throws -> ReportInput {
        func change(_ value: Tree, _ key: String) -> Tree {
            switch value {
            case .string: keeping.contains(key) ? value : .string(text)
            case .list(let values): .list(values.map { change($0, key) })
            case .map(let fields):
                .map(
                    Tree.Map(Dictionary(uniqueKeysWithValues: fields.keys.map { ($0, change(fields[$0] ?? nil, $0)) })))
            default: value
            }
        }
        let json = try Tree(parsing: input.json(), path: "report.json")
        return try ReportInput(json: Data(change(json, "").text().utf8))
    }

    @Test("a page with markup in every text is the page with a word there, escaped", arguments: kept)
    func everywhere(_ keeping: Set<String>) throws {
        var several = ReportFixture.many()
        several.arms.removeLast(several.arms.count - 2)
        let names = Set(several.arms.map(\.name))
        several.summary.rows.removeAll { !names.contains($0.arm) }
        for input in [ReportFixture.single(), several] {
            let page = HTMLReport.render(try Self.rewritten(input, Self.hostile, keeping: keeping))
            let plain = HTMLReport.render(try Self.rewritten(input, Self.harmless, keeping: keeping))
            #expect(page.contains(Markup.escape(Self.hostile)) && page.utf8.count > plain.utf8.count)
            #expect(page.replacingOccurrences(of: Markup.escape(Self.hostile), with: Self.harmless) == plain)
        }
    }

    @Test("names in a zoo file, and the file's own, are only text on its page")
    func population() throws {
        let scratch = try ScratchFolder()
        let layout = ParameterLayout(slots: [Slot(name: "<b>&'", offset: 0, shape: [3], role: .weight)])
        var columns = ZooColumns(count: 2)
        columns["<u>_accuracy"] = .real([0.5, 0.75])
        let zoo = Zoo(header: ZooHeader(layout: layout), weights: [1, 2, 3, 4, 5, 6], columns: columns)
        try ZooWriter.write(zoo, to: scratch.file("<i>.h5").path)
        _ = try ReportOperation.execute(scratch.file("<i>.h5"))
        let page = try scratch.text("<i>.html")
        for name in ["<b>&'", "<u>", "<i>"] {
            #expect(!page.contains(name) && page.contains(Markup.escape(name)), "\(name)")
        }
    }
}
