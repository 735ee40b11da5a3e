import Basics
import Evaluation

/// Accuracy against novelty: every population in one picture, with the zones of copies and of good new networks.
struct NoveltyChart {
    let rows: [EvaluationRow]
    var limits = VerdictLimits()

    /// The populations with a point to draw, in the order of the rows.
    private var populations: [EvaluationRow] {
        rows.filter { !pairs($0).isEmpty }
    }

    /// The picture, or nil without a point to draw.
    func picture(_ room: Room = .page) -> String? {
        let marked = rows.filter { centre(of: $0) != nil }
        guard !populations.isEmpty || !marked.isEmpty else { return nil }
        var plot = Self.plot(
            distances: populations.flatMap { pairs($0).map(\.x) } + marked.compactMap { centre(of: $0)?.x },
            accuracies: populations.flatMap { pairs($0).map(\.y) } + marked.map(\.testAccuracy.mean),
            room)
        Self.addZones(to: &plot, reference: rows.first { $0.population == .zoo }, limits: limits)
        addNetworks(to: &plot)
        for family in [SeriesStyle.Family.noise, .average] {
            let path = marked.filter { SeriesStyle($0.population).family == family }.compactMap { centre(of: $0) }
            plot.addLine(path, styleClass: "path s-\(family.rawValue)")
        }
        addCentres(of: marked, to: &plot)
        return plot.picture(summary: "Test accuracy against the distance to the nearest zoo network")
    }

    /// The legend's entries, one a family.
    func legend() -> [SeriesStyle] {
        var families: [SeriesStyle] = []
        for row in rows.filter({ centre(of: $0) != nil }) + populations {
            let style = SeriesStyle(row.population)
            if !families.contains(style) { families.append(style) }
        }
        return families
    }

    /// An empty chart of accuracy against novelty that covers the numbers.
    static func plot(distances: [Double], accuracies: [Double], _ room: Room) -> Plot {
        let finite = accuracies.filter(\.isFinite)
        return Plot(
            room, height: 540,
            x: Axis(
                title: "distance to the nearest zoo network (0 = copy, 1 = as far as a fresh network)",
                scale: .noveltyRatio, covering: distances + [0, 2], margin: 0.02,
                limits: 0...Double.greatestFiniteMagnitude),
            y: Axis(
                title: "test accuracy", scale: .accuracyShare,
                covering: finite + finite.map { min(1, $0 + 0.004) }, margin: 0.08, limits: 0...1,
                label: .percent))
    }

    /// Shades copies, near-copies and the target; what lies between the last two is left free.
    static func addZones(to plot: inout Plot, reference: EvaluationRow?, limits: VerdictLimits) {
        plot.addRegion(x: 0...limits.copies, y: nil, styleClass: "zone-copies", name: "copies", atBottom: true)
        plot.addRegion(
            x: limits.copies...limits.nearCopies, y: nil, styleClass: "zone-near", name: "near-copies",
            atBottom: true)
        plot.addLine(
            [(limits.novel, plot.y.range.lowerBound), (limits.novel, plot.y.range.upperBound)],
            styleClass: "limit")
        guard let accuracy = reference?.testAccuracy.mean, accuracy.isFinite,
            plot.x.range.upperBound > limits.novel
        else { return }
        let least = max(plot.y.range.lowerBound, accuracy - limits.accuracyLoss)
        guard least < plot.y.range.upperBound else { return }
        plot.addRegion(
            x: limits.novel...plot.x.range.upperBound, y: least...plot.y.range.upperBound,
            styleClass: "zone-target", name: "target: good and new")
    }

    /// Single networks: baselines as dust, the three main populations as clouds on top.
    private func addNetworks(to plot: inout Plot) {
        for population in populations where !SeriesStyle(population.population).isMain {
            plot.addDust(pairs(population), style: SeriesStyle(population.population))
        }
        for population in populations where SeriesStyle(population.population).isMain {
            plot.addCloud(pairs(population), style: SeriesStyle(population.population), radius: 3)
        }
    }

    /// The means, then their labels: the three main populations first, so that they get the best places.
    private func addCentres(of marked: [EvaluationRow], to plot: inout Plot) {
        let ordered =
            marked.filter { !SeriesStyle($0.population).isMain } + marked.filter { SeriesStyle($0.population).isMain }
        for row in ordered {
            guard let centre = centre(of: row) else { continue }
            let style = SeriesStyle(row.population)
            plot.addMarker(
                at: centre.x, centre.y, style: style, radius: style.isMain ? 7 : 5, title: Self.tooltip(row))
        }
        for row in ordered.reversed() {
            guard let centre = centre(of: row) else { continue }
            let style = SeriesStyle(row.population)
            let text = style.isMain ? row.population.what : row.population.what.replacing("-", with: " ")
            plot.addLabel(text, at: centre.x, centre.y, style: style, strong: style.isMain)
        }
    }

    /// What a marker says when pointed at.
    static func tooltip(_ row: EvaluationRow) -> String {
        "\(row.label): \(NumberText.percent(row.testAccuracy)) % at "
            + "\(NumberText.ratio(row.novelty?.weightDistance)) (n = \(row.count))"
    }

    private func centre(of row: EvaluationRow) -> (x: Double, y: Double)? {
        guard let ratio = row.decidingRatio, row.testAccuracy.mean.isFinite else {
            return nil
        }
        return (ratio, row.testAccuracy.mean)
    }

    private func pairs(_ population: EvaluationRow) -> [(x: Double, y: Double)] {
        population.points.map { (x: $0.distance, y: $0.accuracy) }
            .filter { $0.x.isFinite && $0.y.isFinite }
    }
}
