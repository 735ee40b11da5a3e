import Basics
import Evaluation

/// Networks in the plane of the first two principal components, with one unit equally long both ways.
struct ScatterChart {
    let scatter: ReportInput.Scatter
    var width = 530.0
    var height = 380.0

    /// The picture, or nil without a point.
    func picture() -> String? {
        let groups = scatter.groups.map { group in
            (group.population, zip(group.x, group.y).map { (x: $0, y: $1) }.filter { $0.x.isFinite && $0.y.isFinite })
        }
        let points = groups.flatMap { $0.1 }
        guard !points.isEmpty else { return nil }
        let across = Axis(title: title(0), covering: points.map(\.x), margin: 0.06)
        let upward = Axis(title: title(1), covering: points.map(\.y), margin: 0.06)
        let margins = Plot.Margins()
        let shape = (width - margins.left - margins.right) / (height - margins.top - margins.bottom)
        let (x, y) = Self.matched(across, upward, shape: shape)
        var plot = Plot(width: width, height: height, x: x, y: y)
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
