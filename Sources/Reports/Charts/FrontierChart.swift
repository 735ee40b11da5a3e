import Basics
import Evaluation

/// Accuracy against distance on plain axes: every row as it is, as it became by the finish, and the frontier of the
/// baselines, which a generator has to pass.
///
/// A point of the frontier is a baseline that no other one passes in both: as far from the zoo and as accurate. Between
/// two of them the line falls in a step, for what lies between is reached by none.
struct FrontierChart {
    let rows: [EvaluationRow]
    var limits = VerdictLimits()

    /// What a row comes to, plain or finished.
    struct Place: Equatable {
        let population: PopulationKind
        let label: String
        let isFinished: Bool
        let distance: Double
        let accuracy: Double
    }

    /// The places of the rows that were measured: plain ones, then finished ones.
    var places: [Place] {
        let plain = rows.compactMap { row in
            Self.place(row, row.novelty, row.testAccuracy, isFinished: false)
        }
        return plain
            + rows.compactMap { row in
                row.finished.flatMap { finished in
                    Self.place(row, finished.novelty, finished.testAccuracy, isFinished: true)
                }
            }
    }

    private static func place(
        _ row: EvaluationRow, _ novelty: Novelty?, _ accuracy: SampleStatistics, isFinished: Bool
    ) -> Place? {
        // The lesser of both distances, as the verdict takes it.
        let known = [novelty?.weightDistance, novelty?.contributionDistance].compactMap { $0?.middle }
        guard let distance = known.min(), known.allSatisfy(\.isFinite), accuracy.meanOfAll.isFinite else { return nil }
        return Place(
            population: row.population, label: row.label, isFinished: isFinished, distance: distance,
            accuracy: accuracy.meanOfAll)
    }

    /// The rivals that no other rival passes in both, nearest first; the finished ones where there are any.
    var frontier: [Place] {
        let all = places
        let isFinished = all.contains(where: \.isFinished)
        let rivals = all.filter { $0.population.isRival && $0.isFinished == isFinished }
        return rivals.filter { place in
            !rivals.contains { other in
                other.distance >= place.distance && other.accuracy >= place.accuracy
                    && (other.distance > place.distance || other.accuracy > place.accuracy)
            }
        }.sorted { ($0.distance, $1.accuracy) < ($1.distance, $0.accuracy) }
    }

    /// The corners of the frontier's line, from distance 0 on.
    private var corners: [(x: Double, y: Double)] {
        var (corners, last) = ([(x: Double, y: Double)](), 0.0)
        for place in frontier {
            corners += [(last, place.accuracy), (place.distance, place.accuracy)]
            last = place.distance
        }
        return corners
    }

    /// The picture, or nil without a row to draw.
    func picture(_ room: Room = .page) -> String? {
        let places = places
        guard !places.isEmpty else { return nil }
        let accuracies = places.map(\.accuracy)
        var plot = Plot(
            room, height: 500,
            x: Axis(
                title: "median distance to the nearest zoo network, in weights or by contributions (1 = fresh)",
                covering: places.map(\.distance) + [0, 1.1], margin: 0.03, limits: 0...Double.greatestFiniteMagnitude),
            y: Axis(
                title: "test accuracy", scale: .accuracyShare,
                covering: accuracies + accuracies.map { min(1, $0 + 0.004) }, margin: 0.08, limits: 0...1,
                label: .percent))
        plot.addLine(
            [(limits.novel, plot.y.range.lowerBound), (limits.novel, plot.y.range.upperBound)], styleClass: "limit")
        plot.addLine(corners, styleClass: "line frontier s-other")
        let finished = places.filter(\.isFinished)
        for place in places where !place.isFinished {
            guard let after = finished.first(where: { $0.population == place.population }) else { continue }
            plot.addLine(
                [(place.distance, place.accuracy), (after.distance, after.accuracy)],
                styleClass: "path \(SeriesStyle(place.population).colourClass)")
        }
        let drawn = places.sorted { !$0.isFinished && $1.isFinished }
        for place in drawn { add(place, isFaint: !place.isFinished && !finished.isEmpty, to: &plot) }
        // A row that is drawn twice is named once, where it ends.
        let named = drawn.reversed().filter { place in
            place.isFinished || !finished.contains { $0.population == place.population }
        }
        for isMain in [true, false] {
            for place in named where SeriesStyle(place.population).isMain == isMain {
                plot.addLabel(
                    place.population.what.replacing("-", with: " "), at: place.distance, place.accuracy,
                    style: SeriesStyle(place.population), strong: isMain)
            }
        }
        return plot.picture(summary: "Test accuracy against distance, with the frontier of the baselines")
    }

    private func add(_ place: Place, isFaint: Bool, to plot: inout Plot) {
        let style = SeriesStyle(place.population)
        let what = place.isFinished ? "\(place.label), finished" : place.label
        plot.addMarker(
            at: place.distance, place.accuracy, style: style, radius: isFaint ? 3 : style.isMain ? 8 : 5,
            title: "\(what): \(NumberText.percent(place.accuracy)) % at \(NumberText.ratio(place.distance))")
    }

    /// What the legend adds to the populations' own markers.
    func legend() -> [(styleClass: String, name: String)] {
        var entries: [(String, String)] = []
        if !frontier.isEmpty { entries.append(("line frontier s-other", "frontier of the baselines")) }
        if places.contains(where: \.isFinished) { entries.append(("path s-other", "plain to finished")) }
        return entries
    }
}
