import EvaluationTestSupport
import Foundation
import Testing

@testable import Evaluation

@Suite("Profiles of novelty and performance")
struct NoveltyProfileTests {
    private static func points(_ pairs: [(Double, Double)]) -> [NetworkPoint] {
        pairs.map { NetworkPoint(accuracy: $0.1, distance: $0.0) }
    }

    @Test("a share counts networks beyond m times the unit and above the bar, both strictly")
    func shares() {
        let points = Self.points([(1, 0.9), (1.5, 0.9), (2.5, 0.9), (7, 0.9), (7, 0.8), (4.5, 0.5)])
        let profile = NoveltyProfile(.generated, points: points, unit: 1, bar: 0.8)
        #expect(profile.count == 6)
        #expect(profile.shares == [3, 2, 1, 1, 1, 1].map { $0 / 6 })
        #expect(abs(profile.score - (3 + 2 + 1 + 1 + 1) / 6 / 5) < 1e-15)
    }

    @Test("shares never rise with m, fall with the bar, and do not change with the unit of distances")
    func properties() {
        let points = (0..<200).map { index in
            NetworkPoint(accuracy: 0.5 + 0.5 * abs(sin(Double(index))), distance: 4 + 4 * cos(Double(index) * 1.7))
        }
        let scaled = points.map { NetworkPoint(accuracy: $0.accuracy, distance: $0.distance * 3) }
        var last: NoveltyProfile?
        for bar in [0.0, 0.6, 0.8, 0.95] {
            let profile = NoveltyProfile(.generated, points: points, unit: 1.3, bar: bar)
            #expect(zip(profile.shares, profile.shares.dropFirst()).allSatisfy { $0 >= $1 })
            #expect(profile.shares == NoveltyProfile(.generated, points: scaled, unit: 3.9, bar: bar).shares)
            if let last { #expect(zip(last.shares, profile.shares).allSatisfy { $0 >= $1 }) }
            last = profile
        }
    }

    @Test("a network without a distance or an accuracy is in no share, and counts")
    func lost() {
        let points = [NetworkPoint.lost, NetworkPoint(accuracy: .nan, distance: 9), .init(accuracy: 1, distance: 9)]
        let profile = NoveltyProfile(.generated, points: points, unit: 1, bar: 0)
        #expect(profile.shares == Array(repeating: 1.0 / 3, count: 6))
    }

    @Test("a row's profile is in units of the zoo's own distances")
    func rows() throws {
        var zoo = TestRows.row("zoo", 0.9, at: 1, zooToZoo: 0.5)
        var row = TestRows.row("generated", 0.9, at: 1)
        #expect(NoveltyProfile(row, zoo: zoo, bar: 0.5) == nil, "no single networks")
        row.points = Self.points([(0.4, 0.9), (0.6, 0.9), (1.1, 0.9), (3.5, 0.9)])
        let profile = try #require(NoveltyProfile(row, zoo: zoo, bar: 0.5))
        #expect(profile.unit == 0.5 && profile.label == "generated")
        #expect(profile.shares == [0.75, 0.5, 0.25, 0.25, 0.25, 0.25])
        zoo.novelty = nil
        #expect(NoveltyProfile(row, zoo: zoo, bar: 0.5) == nil)
    }

    @Test("what is written is read again; another number of shares is refused")
    func coding() throws {
        let profile = NoveltyProfile(
            .fresh, points: Self.points([(1.5, 0.9), (0.2, 0.9)]), unit: 0.75, bar: 0.85)
        let data = try JSONEncoder().encode(profile)
        #expect(try JSONDecoder().decode(NoveltyProfile.self, from: data) == profile)
        let text = String(decoding: data, as: UTF8.self)
        #expect(text.contains("\"what\":\"fresh\"") && text.contains("\"score\":"), "\(text)")
        let short = text.replacingOccurrences(of: "\"shares\":[0.5,", with: "\"shares\":[")
        #expect(short != text)
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode(NoveltyProfile.self, from: Data(short.utf8))
        }
    }
}
