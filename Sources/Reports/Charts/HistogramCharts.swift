import Basics
import Evaluation

/// The histograms of a run: accuracies of all populations, and distances in four directions.
enum HistogramCharts {
    /// Accuracy histograms, one below the other on one axis; nil without numbers.
    static func accuracies(_ run: ReportInput.Run) -> String? {
        let shown = run.populations.filter { SeriesStyle($0.population).family != .nearest }
        let values = shown.flatMap(\.points).map(\.accuracy).filter(\.isFinite)
        guard !values.isEmpty else { return nil }
        let axis = Axis(
            title: "test accuracy (the scale widens towards 100 %)", scale: .accuracyShare, covering: values,
            margin: 0.03, limits: 0...1, label: .percent)
        let ridges = shown.map { population in
            RidgePlot.Ridge(
                name: population.label, style: SeriesStyle(population.population),
                values: population.points.map(\.accuracy),
                note: NumberText.percent(SampleStatistics(population.points.map(\.accuracy))) + " %")
        }
        return RidgePlot(ridges: ridges, axis: axis).picture(
            summary: "Histograms of test accuracy for \(ridges.count) populations")
    }

    /// Nearest-neighbour distances in all directions on one axis; nil without numbers.
    static func distances(_ run: ReportInput.Run) -> String? {
        let values = run.directions.flatMap(\.distances).filter(\.isFinite)
        guard !values.isEmpty else { return nil }
        let axis = Axis(
            title: "distance to the nearest neighbour (1 = a fresh network's from the zoo)", scale: .noveltyRatio,
            covering: values + [0, 1.2], margin: 0.02, limits: 0...Double.greatestFiniteMagnitude)
        let ridges = run.directions.map { direction in
            RidgePlot.Ridge(
                name: direction.name, style: SeriesStyle(direction.population), values: direction.distances,
                note: NumberText.ratio(SampleStatistics(direction.distances)))
        }
        return RidgePlot(ridges: ridges, axis: axis).picture(
            summary: "Histograms of nearest-neighbour distances in \(ridges.count) directions")
    }
}
