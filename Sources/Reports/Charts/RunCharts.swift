import Basics
import Evaluation
import Foundation

/// The generator's loss over its training on a logarithmic axis: raw, smoothed, and of validation networks.
struct LossChart {
    let loss: ReportInput.LossCurve

    /// At most this many points of each line are drawn.
    static let mostPoints = 600

    /// The picture, or nil without a positive loss.
    func picture(_ room: Room = .column) -> String? {
        let training = Self.pairs(loss.steps, loss.training)
        let validation = Self.pairs(loss.validationSteps, loss.validation)
        guard !training.isEmpty || !validation.isEmpty else { return nil }
        let smooth = Self.smoothed(training)
        let all = training + validation
        let steps = all.map(\.x)
        var plot = Plot(
            room, height: 380,
            x: Axis(title: "training step", range: (steps.min() ?? 0)...(steps.max() ?? 1)),
            y: Axis(title: "loss", scale: .logarithmic, covering: all.map(\.y), margin: 0.06))
        plot.addLine(Subsample.evenly(training, most: Self.mostPoints), styleClass: "line raw s-generated")
        plot.addLine(Subsample.evenly(smooth, most: Self.mostPoints), styleClass: "line s-generated")
        plot.addLine(Subsample.evenly(validation, most: Self.mostPoints), styleClass: "line s-fresh")
        return plot.picture(summary: "Loss of the generator over its training")
    }

    /// Entries for the legend: class and name.
    func legend() -> [(styleClass: String, name: String)] {
        var entries: [(String, String)] = []
        if !loss.training.isEmpty {
            entries = [("line s-generated", "training, smoothed"), ("line raw s-generated", "training, raw")]
        }
        if !loss.validation.isEmpty { entries.append(("line s-fresh", "validation networks")) }
        return entries
    }

    /// An exponential average over about a fiftieth of the curve, corrected for its start.
    static func smoothed(_ points: [(x: Double, y: Double)]) -> [(x: Double, y: Double)] {
        let rate = max(0.02, min(1, 50 / Double(max(1, points.count))))
        var sum = 0.0
        var weight = 0.0
        return points.map { point in
            sum += rate * (log(point.y) - sum)
            weight += rate * (1 - weight)
            return (point.x, exp(sum / weight))
        }
    }

    private static func pairs(_ steps: [Double], _ losses: [Double]) -> [(x: Double, y: Double)] {
        zip(steps, losses).map { (x: $0, y: $1) }.filter { $0.x.isFinite && $0.y.isFinite && $0.y > 0 }
    }
}

/// The histograms of a run: accuracies of all populations, and distances in four directions.
enum HistogramCharts {
    /// Accuracy histograms, one below the other on one axis; nil without numbers.
    static func accuracies(_ run: ReportInput.Run, _ room: Room = .page) -> String? {
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
        return RidgePlot(ridges: ridges, axis: axis, room: room).picture(
            summary: "Histograms of test accuracy for \(ridges.count) populations")
    }

    /// Nearest-neighbour distances in all directions on one axis; nil without numbers.
    static func distances(_ run: ReportInput.Run, _ room: Room = .page) -> String? {
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
        return RidgePlot(ridges: ridges, axis: axis, room: room).picture(
            summary: "Histograms of nearest-neighbour distances in \(ridges.count) directions")
    }
}

/// Networks in the plane of the first two principal components, with one unit equally long both ways.
struct ScatterChart {
    let scatter: ReportInput.Scatter
    private static let height = 380.0

    /// The picture, or nil without a point.
    func picture(_ room: Room = .column) -> String? {
        let groups = scatter.groups.map { group in
            (group.population, zip(group.x, group.y).map { (x: $0, y: $1) }.filter { $0.x.isFinite && $0.y.isFinite })
        }
        let points = groups.flatMap { $0.1 }
        guard !points.isEmpty else { return nil }
        let across = Axis(title: title(0), covering: points.map(\.x), margin: 0.06)
        let upward = Axis(title: title(1), covering: points.map(\.y), margin: 0.06)
        let empty = Plot(room, height: Self.height, x: across, y: upward).frame
        let shape = empty.width / empty.height
        let (x, y) = Self.matched(across, upward, shape: shape)
        var plot = Plot(room, height: Self.height, x: x, y: y)
        for (population, pairs) in groups {
            let isZoo = population == .zoo
            plot.addCloud(pairs, style: SeriesStyle(population), radius: isZoo ? 5.5 : 3.2, rings: isZoo)
        }
        return plot.picture(summary: "Networks in the plane of the first two principal components")
    }

    /// The legend's entries in the order of the groups.
    func legend() -> [SeriesStyle] { scatter.groups.map { SeriesStyle($0.population) } }

    private func title(_ index: Int) -> String {
        guard scatter.explained.indices.contains(index), scatter.explained[index].isFinite else {
            return "component \(index + 1)"
        }
        return "component \(index + 1) (\(NumberText.percent(scatter.explained[index], digits: 1)) % of the variance)"
    }

    /// Widens the shorter axis until a unit has the same length on both; `shape` is width over height.
    static func matched(_ x: Axis, _ y: Axis, shape: Double) -> (x: Axis, y: Axis) {
        let width = x.range.upperBound - x.range.lowerBound
        let height = y.range.upperBound - y.range.lowerBound
        guard width > 0, height > 0, shape > 0 else { return (x, y) }
        return width / height < shape
            ? (widened(x, to: height * shape), y) : (x, widened(y, to: width / shape))
    }

    private static func widened(_ axis: Axis, to length: Double) -> Axis {
        // Halved before they are added: the sum of two numbers may be infinite, and an infinite range around it none.
        let middle = axis.range.lowerBound / 2 + axis.range.upperBound / 2
        return Axis(title: axis.title, range: (middle - length / 2)...(middle + length / 2))
    }
}
