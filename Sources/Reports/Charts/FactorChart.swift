import Basics
import Evaluation

/// Accuracy by a numeric factor (for example the width h), one line for each setting of the other factors.
struct FactorChart {
    let arms: [ArmFigures]
    let factor: String

    /// One line.
    struct Series {
        let name: String
        var points: [(x: Double, spread: SampleStatistics)]
    }

    /// Takes the numeric factor with the most values; nil if none has two.
    init?(arms: [ArmFigures]) {
        var best: (name: String, values: Int)?
        for name in arms.first?.factors.map(\.name) ?? [] {
            let numbers = arms.map { $0.number(name) }
            guard numbers.allSatisfy({ $0?.isFinite ?? false }) else { continue }
            let values = Set(numbers.compactMap { $0 }).count
            if values > 1, values > best?.values ?? 0 { best = (name, values) }
        }
        guard let best, arms.contains(where: { $0.accuracy.mean.isFinite }) else { return nil }
        self.arms = arms
        factor = best.name
    }

    /// The lines in the order in which their settings first appear, points by rising factor.
    var series: [Series] {
        var result: [Series] = []
        for arm in arms where arm.accuracy.mean.isFinite {
            guard let x = arm.number(factor) else { continue }
            let others = arm.factors.filter { $0.name != factor }
            let name = others.map { "\($0.name) \($0.value)" }.joined(separator: ", ")
            if let index = result.firstIndex(where: { $0.name == name }) {
                result[index].points.append((x, arm.accuracy))
            } else {
                result.append(Series(name: name, points: [(x, arm.accuracy)]))
            }
        }
        return result.map { line in
            Series(name: line.name, points: line.points.sorted { $0.x < $1.x })
        }
    }

    /// The picture.
    func picture(_ room: Room = .page) -> String {
        let lines = series
        let numbers = lines.flatMap { $0.points.map(\.x) }
        let zoo = SampleStatistics(arms.flatMap(\.zooAccuracies)).mean
        let reach = lines.flatMap { $0.points.flatMap { Self.ends($0.spread) } } + [zoo]
        let rises = (numbers.min() ?? 0) > 0 && (numbers.max() ?? 0) / (numbers.min() ?? 1) >= 4
        var plot = Plot(
            room, height: 420,
            x: Axis(title: factor, scale: rises ? .logarithmic : .linear, covering: numbers, margin: 0.12)
                .marked(at: numbers),
            y: Axis(
                title: "test accuracy of generated networks", covering: reach, margin: 0.1, limits: 0...1,
                label: .percent))
        addZoo(zoo, to: &plot)
        for (index, line) in lines.enumerated() { add(line, index: index, to: &plot) }
        for (index, line) in lines.enumerated() where !line.name.isEmpty {
            guard let clear = Self.clearest(line, among: lines) else { continue }
            plot.addLabel(
                line.name, at: clear.x, clear.y, style: SeriesStyle(line: index), strong: true)
        }
        return plot.picture(summary: "Test accuracy of generated networks by \(factor)")
    }

    /// The point of a line that is farthest from the other lines at the same place; the last of equals.
    static func clearest(_ line: Series, among lines: [Series]) -> (x: Double, y: Double)? {
        var best: (point: (x: Double, y: Double), room: Double)?
        for point in line.points {
            let others = lines.filter { $0.name != line.name }.flatMap(\.points).filter { $0.x == point.x }
            let room = others.map { abs($0.spread.mean - point.spread.mean) }.min() ?? 0
            if room >= best?.room ?? 0 { best = ((point.x, point.spread.mean), room) }
        }
        return best?.point
    }

    private func addZoo(_ accuracy: Double, to plot: inout Plot) {
        guard accuracy.isFinite else { return }
        plot.addLine(
            [(plot.x.range.lowerBound, accuracy), (plot.x.range.upperBound, accuracy)],
            styleClass: "path s-zoo")
        plot.addLabel(
            "zoo \(NumberText.percent(accuracy)) %", at: plot.x.inset(0.01), accuracy, style: SeriesStyle(.zoo))
    }

    private func add(_ line: Series, index: Int, to plot: inout Plot) {
        let style = SeriesStyle(line: index)
        plot.addLine(line.points.map { ($0.x, $0.spread.mean) }, styleClass: "line \(style.colourClass)")
        for point in line.points {
            let ends = Self.ends(point.spread)
            if let low = ends.min(), let high = ends.max(), low < high {
                plot.addWhisker(at: point.x, from: low, to: high, style: style)
            }
            plot.addMarker(
                at: point.x, point.spread.mean, style: style, radius: 5.5,
                title: "\(factor) \(NumberText.significant(point.x)), \(line.name): "
                    + "\(NumberText.percent(point.spread)) %")
        }
    }

    /// Mean minus and plus a standard deviation, within 0 and 1.
    private static func ends(_ spread: SampleStatistics) -> [Double] {
        guard spread.mean.isFinite else { return [] }
        let sd = spread.sd.isFinite ? spread.sd : 0
        return [max(0, spread.mean - sd), min(1, spread.mean + sd)]
    }
}

extension Axis {
    /// The number at a share of the axis' length.
    func inset(_ share: Double) -> Double {
        let low = scale(range.lowerBound)
        return scale.inverse(low + share * (scale(range.upperBound) - low))
    }
}
