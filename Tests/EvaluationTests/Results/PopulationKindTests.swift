import Foundation
import Testing

@testable import Evaluation

@Suite("Populations and their names in files")
struct PopulationKindTests {
    private static let plain: [(kind: PopulationKind, what: String, label: String)] = [
        (.zoo, "zoo", "training zoo"), (.fresh, "fresh", "fresh networks"),
        (.generated, "generated", "generated networks"),
        (.selected(oneIn: 2), "selected-2", "best 1 in 2 of generated, by training loss"),
        (.selected(oneIn: 40), "selected-40", "best 1 in 40 of generated, by training loss"),
        (.reconstructed(of: .zoo), "reconstructed", "reconstructed zoo"),
        (.reconstructed(of: .fresh), "reconstructed-fresh", "reconstructed fresh"),
    ]

    private static let baselines: [(baseline: Baseline, what: String, label: String, group: Baseline.Group)] = [
        (.noise(sigma: 0.01), "noise-0.01", "zoo + noise 0.01", .noise),
        (.noise(sigma: 0), "noise-0.0", "zoo + noise 0.0", .noise),
        (.noise(sigma: 1e-7), "noise-1e-07", "zoo + noise 1e-07", .noise),
        (.average(of: 1), "average-1", "average of 1 aligned", .average),
        (.average(of: 12), "average-12", "average of 12 aligned", .average),
        (.gaussianDiagonal, "gaussian-diagonal", "Gaussian, diagonal", .gaussian),
        (.gaussianFull, "gaussian-full", "Gaussian, full covariance", .gaussian),
        (.nearestZoo, "nearest-zoo", "nearest zoo network", .nearest),
    ]

    private static var all: [PopulationKind] { plain.map(\.kind) + baselines.map { .baseline($0.baseline) } }

    @Test("names and labels as they are documented")
    func names() {
        for (kind, what, label) in Self.plain { #expect(kind.what == what && kind.label == label) }
        for (baseline, what, label, group) in Self.baselines {
            #expect(baseline.what == what && baseline.label == label && baseline.group == group)
            #expect(PopulationKind.baseline(baseline).what == what && PopulationKind.baseline(baseline).label == label)
        }
        #expect(Set(Self.all.map(\.what)).count == Self.all.count && Set(Self.all).count == Self.all.count)
    }

    @Test("every name is read back as what it stands for, as text and as JSON")
    func roundTrip() throws {
        for kind in Self.all {
            #expect(PopulationKind(what: kind.what) == kind)
            let data = try JSONEncoder().encode([kind])
            #expect(String(decoding: data, as: UTF8.self) == "[\"\(kind.what)\"]")
            #expect(try JSONDecoder().decode([PopulationKind].self, from: data) == [kind])
        }
    }

    @Test(
        "names that are none are refused, and the message has them",
        arguments: [
            "", "Zoo", "zoo ", "reconstructed-zoo", "noise-inf", "noise-0,1", "average-", "nearest-zoo-1", "selected",
            "selected-", "selected-1", "selected-0.5",
        ])
    func unknown(_ what: String) throws {
        #expect(PopulationKind(what: what) == nil)
        let data = Data("[\"\(what)\"]".utf8)
        let error = #expect(throws: DecodingError.self) { try JSONDecoder().decode([PopulationKind].self, from: data) }
        guard case .dataCorrupted(let context) = try #require(error) else {
            Issue.record("\(String(describing: error))")
            return
        }
        let text = "expected zoo, fresh, generated, selected, reconstructed or a baseline, found \(what)"
        #expect(context.debugDescription == text)
    }

    @Test("only what a baseline makes anew is a rival")
    func rivals() {
        #expect(Self.plain.allSatisfy { !$0.kind.isRival })
        let rivals = Self.baselines.filter { PopulationKind.baseline($0.baseline).isRival }.map(\.what)
        #expect(rivals == Self.baselines.map(\.what).filter { $0 != "nearest-zoo" })
    }

    @Test("the smallest zoo: as many as are averaged, two for a spread, one otherwise")
    func least() {
        #expect(Self.baselines.map(\.baseline.leastZoo) == [1, 1, 1, 1, 12, 2, 2, 1])
        for baseline in Self.baselines.map(\.baseline) {
            #expect(baseline.isPossible(zooCount: baseline.leastZoo))
            #expect(!baseline.isPossible(zooCount: baseline.leastZoo - 1))
        }
    }

    @Test("numbers written otherwise are the same baseline")
    func spellings() {
        #expect(Baseline(what: "noise-0.010") == .noise(sigma: 0.01))
        #expect(Baseline(what: "noise-1e-2")?.what == "noise-0.01")
        #expect(Baseline(what: "noise-1") == .noise(sigma: 1) && Baseline(what: "average-04") == .average(of: 4))
    }
}
