import Foundation

/// The generator's loss over its training on a logarithmic axis: raw, smoothed, and of validation networks.
struct LossChart {
    let loss: ReportInput.LossCurve
    var width = 530.0
    var height = 380.0

    /// At most this many points of each line are drawn.
    static let mostPoints = 600

    /// The picture, or nil without a positive loss.
    func picture() -> String? {
        let training = Self.pairs(loss.steps, loss.training)
        let validation = Self.pairs(loss.validationSteps, loss.validation)
        guard !training.isEmpty || !validation.isEmpty else { return nil }
        let smooth = Self.smoothed(training)
        let all = training + validation
        let steps = all.map(\.x)
        var plot = Plot(
            width: width, height: height,
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
