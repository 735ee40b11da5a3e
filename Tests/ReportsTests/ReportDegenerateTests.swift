import Evaluation
import Foundation
import ReportTestSupport
import Testing

@testable import Reports

/// Pictures of populations in which nothing differs, hardly anything is there, or numbers are out of reach.
@Suite("Pictures of degenerate data")
struct ReportDegenerateTests {
    /// The same accuracies and distances in every population.
    struct Numbers: Sendable, CustomTestStringConvertible {
        let name: String
        let accuracies: [Double]
        let distances: [Double]
        var testDescription: String { name }
    }

    static let numbers: [Numbers] = [
        Numbers(name: "one network", accuracies: [0.5], distances: [1]),
        Numbers(
            name: "all equal", accuracies: Array(repeating: 0.9, count: 40), distances: Array(repeating: 0, count: 40)),
        Numbers(name: "always right", accuracies: [1, 1, 1], distances: [0.02, 0.5, 1]),
        Numbers(name: "never right", accuracies: [0, 0], distances: [3, 3]),
        Numbers(name: "one number among none", accuracies: [.nan, 0.5, .nan], distances: [.nan, 1, .infinity]),
        Numbers(name: "far apart", accuracies: [0, 1], distances: [0, 1e12]),
        Numbers(name: "hardly apart", accuracies: [0.5, 0.5.nextUp], distances: [1, 1.0.nextUp]),
    ]

    /// A healthy run with these numbers in every population, direction and curve.
    private static func run(_ numbers: Numbers) -> (run: ReportInput.Run, rows: [EvaluationRow]) {
        var (run, rows) = ReportFixture.run(accuracy: 0.5, ratio: 1)
        for index in rows.indices {
            rows[index].points = zip(numbers.accuracies, numbers.distances).map {
                NetworkPoint(accuracy: $0, distance: $1)
            }
            rows[index].testAccuracy = SampleStatistics(numbers.accuracies.filter(\.isFinite))
            rows[index].novelty?.weightDistance = SampleStatistics(numbers.distances.filter(\.isFinite))
        }
        run.populations = rows
        run.directions = [.init(name: "zoo → zoo", .zoo, distances: numbers.distances)]
        run.scatter = .init(
            explained: [1, 0], groups: [.init(.zoo, x: numbers.distances, y: numbers.accuracies)])
        (run.loss.steps, run.loss.training) = ([7], [0.25])
        return (run, rows)
    }

    private static func profiles(_ numbers: Numbers) -> [NoveltyProfile] {
        let points = zip(numbers.accuracies, numbers.distances).map { NetworkPoint(accuracy: $0, distance: $1) }
        return [NoveltyProfile(.generated, points: points, unit: 1, bar: 0.5)]
    }

    /// The points at which paths and lines of a picture begin.
    private static func starts(_ picture: String) -> [Point] {
        let paths = picture.matches(of: #/M(-?[0-9.]+) (-?[0-9.]+)/#).map { ($0.1, $0.2) }
        let lines = picture.matches(of: #/x1="(-?[0-9.]+)" y1="(-?[0-9.]+)"/#).map { ($0.1, $0.2) }
        return (paths + lines).compactMap { x, y in
            guard let x = Double(x), let y = Double(y) else { return nil }
            return Point(x: x, y: y)
        }
    }

    @Test("every chart of them is drawn, well-formed, with all marks inside", arguments: numbers, Room.allCases)
    func drawn(_ numbers: Numbers, _ room: Room) throws {
        let (run, rows) = Self.run(numbers)
        let pictures = [
            NoveltyChart(rows: rows).picture(room), FrontierChart(rows: rows).picture(room),
            NoveltyProfileChart(profiles: Self.profiles(numbers)).picture(room),
            HistogramCharts.accuracies(run, room), HistogramCharts.distances(run, room),
            LossChart(loss: run.loss).picture(room), run.scatter.flatMap { ScatterChart(scatter: $0).picture(room) },
        ]
        for picture in pictures {
            let picture = try #require(picture)
            #expect(ReportFixture.isWellFormed(picture) && !picture.contains("nan") && !picture.contains("inf"))
            let size = try #require(picture.firstMatch(of: #/viewBox="0 0 ([0-9.]+) ([0-9.]+)"/#))
            let (width, height) = try (#require(Double(size.1)), #require(Double(size.2)))
            let starts = Self.starts(picture)
            #expect(!starts.isEmpty && width == room.width)
            for point in starts {
                #expect((-10...width + 10).contains(point.x) && (-10...height + 10).contains(point.y), "\(point)")
            }
        }
    }

    @Test("every mark stands for a network: as many in the cloud as have both numbers", arguments: [0, 1, 4])
    func clouds(_ index: Int) throws {
        let (_, rows) = Self.run(Self.numbers[index])
        let picture = try #require(NoveltyChart(rows: rows).picture())
        let cloud = try #require(picture.firstMatch(of: #/<g class="cloud s-fresh">(.*?)</g>/#))
        let known = zip(Self.numbers[index].accuracies, Self.numbers[index].distances)
            .count { $0.isFinite && $1.isFinite }
        #expect(cloud.1.components(separatedBy: "<path").count - 1 == known)
    }

    @Test(
        "networks beyond what a number can hold are drawn somewhere, or not at all, and trap nowhere",
        arguments: [
            ([1e308, 1.7e308], [0, 1.5e308]), ([-1.7e308, 1.7e308], [1, 2]), ([0, 1], [-1.7e308, 1.7e308]),
            ([1.7e308, 1.7e308], [-1.7e308, -1.6e308]), ([0, .leastNonzeroMagnitude], [0, 1.7e308]),
        ])
    func outOfReach(_ x: [Double], _ y: [Double]) {
        let scatter = ReportInput.Scatter(groups: [.init(.zoo, x: x, y: y)])
        #expect(ScatterChart(scatter: scatter).picture().map(ReportFixture.isWellFormed) != false)
        let points = zip(x, y).map { NetworkPoint(accuracy: $1, distance: $0) }
        let rows = [EvaluationRow(.zoo, count: 2, testAccuracy: SampleStatistics([]), points: points)]
        #expect(NoveltyChart(rows: rows).picture().map(ReportFixture.isWellFormed) != false)
    }

    @Test("a step out of reach in a damaged log is still told of")
    func steps() throws {
        var loss = ReportInput.LossCurve()
        (loss.steps, loss.training) = ([0, 1], [2, 1])
        (loss.validationSteps, loss.validation) = ([1e300, 2], [1, 3])
        #expect(try #require(loss.validationRise).contains("least at step 10³⁰⁰ "))
    }
}
