import Basics
import Evaluation

/// The share of networks that are new and good against how far "new" is: one line a profile.
struct NoveltyProfileChart {
    let profiles: [NoveltyProfile]

    /// The picture, or nil without a profile.
    func picture(_ room: Room = .column) -> String? {
        guard !profiles.isEmpty else { return nil }
        let multiples = NoveltyProfile.multiples.map(Double.init)
        var plot = Plot(
            room, height: 340,
            x: Axis(
                title: "further than m times the zoo's own distance",
                range: (multiples.first ?? 0)...(multiples.last ?? 1)),
            y: Axis(title: "share of networks", range: 0...1, label: .percent))
        for profile in profiles {
            let style = SeriesStyle(profile.population)
            let points = zip(multiples, profile.shares).map { (x: $0, y: $1) }
            plot.addLine(points, styleClass: "line \(style.colourClass)")
            for point in points {
                plot.addMarker(
                    at: point.x, point.y, style: style, radius: 4,
                    title: "\(profile.label): \(NumberText.percent(point.y)) % beyond \(Int(point.x)) times")
            }
        }
        return plot.picture(summary: "Share of networks that are far from the zoo and accurate")
    }

    /// The legend's entries, one a population.
    func legend() -> [SeriesStyle] {
        var styles: [SeriesStyle] = []
        for style in profiles.map({ SeriesStyle($0.population) }) where !styles.contains(style) { styles.append(style) }
        return styles
    }
}
