import Foundation
import ModelZoo
import Networks
import ReportTestSupport
import Testing
import TestSupport

@testable import Laboratory
@testable import Reports

@Suite("The picture of a population")
struct PopulationReportTests {
    private static func page(_ change: (Zoo) -> Zoo = { $0 }) throws -> String {
        let scratch = try ScratchFolder()
        var zoo = Small.zoo(30, split: (0..<30).map { $0 < 20 ? 0 : 2 }, dataset: Small.digits(nil))
        var columns = zoo.columns
        columns["test_accuracy"] = .real((0..<30).map { $0 == 4 ? .nan : 0.9 + Double($0) / 400 })
        columns["train_accuracy"] = .real((0..<30).map { 0.95 + Double($0) / 800 })
        columns["optimizer"] = .text((0..<30).map { $0 % 2 == 0 ? "adam" : "<sgd>" })
        zoo = zoo.with(columns: columns)
        try ZooWriter.write(change(zoo), to: scratch.file("zoo.h5").path)
        let page = try ReportOperation.execute(scratch.file("zoo.h5"))
        #expect(page == scratch.file("zoo.html") && scratch.names == ["zoo.h5", "zoo.html"])
        return try scratch.text("zoo.html")
    }

    @Test("Accuracies, splits, slots and facts are there; pictures are sound; nothing comes from outside")
    func whole() throws {
        let page = try Self.page()
        let pictures = ReportFixture.pictures(page)
        #expect(pictures.count >= 3)
        for picture in pictures { #expect(ReportFixture.isWellFormed(picture), "\(picture.prefix(200))") }
        for text in [
            "train accuracy", "test accuracy", "Test accuracy, split by split", "training networks", "fresh networks",
            "layers.0.weight", "6 × 64", "30 networks", "verified", "optimizer", "digits",
        ] { #expect(page.contains(text), "\(text)") }
        for forbidden in ["<script", "<img", "<link", "url(", "src=", "nan", "<sgd>"] {
            #expect(!page.contains(forbidden), "\(forbidden)")
        }
        #expect(try Self.page() == page)
    }

    @Test("A zoo that records nothing has its weights drawn and says what is not available")
    func bare() throws {
        let page = try Self.page { Zoo(header: ZooHeader(layout: $0.layout), weights: $0.weights) }
        #expect(page.contains("not available") && page.contains("layout only") && page.contains("layers.1.bias"))
    }

    @Test("Slots of zeros and of one number have a place")
    func degenerate() throws {
        let page = try Self.page { zoo in
            var weights = zoo.weights
            for row in 0..<30 {
                for index in zoo.layout.slots[1].range { weights[row * zoo.layout.count + index] = 0 }
                for index in zoo.layout.slots[3].range { weights[row * zoo.layout.count + index] = 0.25 }
            }
            return zoo.with(columns: zoo.columns).replacing(weights)
        }
        for picture in ReportFixture.pictures(page) { #expect(ReportFixture.isWellFormed(picture)) }
        #expect(SlotChart(rows: []).picture() == nil)
        let dead = SlotChart.Row(name: "w", quantiles: [0, 0, 0, 0, 0], largest: 0, note: "")
        #expect(SlotChart(rows: [dead]).picture() == nil)
    }

    @Test("A long name loses its middle, a short one nothing")
    func names() {
        #expect(SlotChart.shortened("layers.0.weight", within: 214) == "layers.0.weight")
        let short = SlotChart.shortened("transformer.encoder.layers.11.self_attn.in_proj_weight", within: 214)
        #expect(short.hasPrefix("transformer.") && short.hasSuffix("proj_weight") && short.contains("…"))
        #expect(TextWidth.of(short, size: 12) <= 214)
    }

    /// The bar of a slot spans its quartiles: on a logarithmic axis equal ratios are equal lengths.
    @Test("Marks stand where the numbers are")
    func places() throws {
        let rows = [
            SlotChart.Row(name: "a", quantiles: [0.01, 0.1, 1, 10, 100], largest: 1000, note: ""),
            SlotChart.Row(name: "b", quantiles: [0.01, 0.01, 0.01, 0.01, 0.01], largest: 0.01, note: ""),
        ]
        let picture = try #require(SlotChart(rows: rows).picture())
        let bar = try #require(picture.firstMatch(of: /class="bars s-zoo" x="([0-9.]+)" y="[0-9.]+" width="([0-9.]+)"/))
        let (left, width) = (try #require(Double(bar.1)), try #require(Double(bar.2)))
        let line = /class="whisker s-zoo" x1="([0-9.]+)" y1="[0-9.]+" x2="([0-9.]+)"/
        let whisker = try #require(picture.firstMatch(of: line))
        let (from, to) = (try #require(Double(whisker.1)), try #require(Double(whisker.2)))
        #expect(abs((to - from) - 2 * width) < 0.3 && abs((left - from) - width / 2) < 0.3)
    }
}

extension Zoo {
    fileprivate func replacing(_ weights: [Float]) -> Zoo { Zoo(header: header, weights: weights, columns: columns) }
}
