import Evaluation

/// The look of one population in every chart and table: colour class, marker, and where it stands in order.
///
/// The colours are those of Okabe and Ito, which people with any colour vision tell apart; the marker says the
/// same once more.
struct SeriesStyle: Sendable, Equatable {
    /// The shapes of markers.
    enum Marker: Sendable { case circle, square, diamond, triangle, cross, plus, star }

    /// The families of populations; `other` is what has no colour of its own.
    enum Family: String, Sendable, CaseIterable {
        case zoo, fresh, generated, noise, average, gaussian, nearest, other

        /// The family of a judged population.
        init(_ population: PopulationKind) {
            self =
                switch population {
                case .zoo: .zoo
                case .fresh: .fresh
                case .generated: .generated
                case .selected, .reconstructed: .other
                case .baseline(let baseline):
                    switch baseline.group {
                    case .noise: .noise
                    case .average: .average
                    case .gaussian: .gaussian
                    case .nearest: .nearest
                    case .other: .other
                    }
                }
        }
    }

    /// The family of the population.
    let family: Family
    /// The class that sets the colour in the style sheet.
    let colourClass: String
    /// The marker.
    let marker: Marker

    /// The look of a judged population.
    init(_ population: PopulationKind) { self.init(family: Family(population)) }

    /// The look of a family.
    init(family: Family) {
        self.family = family
        colourClass = "s-\(family.rawValue)"
        marker = Self.marker(of: family)
    }

    /// The look of the arm at `index` among populations: the colour of generated networks, a marker of its own.
    init(arm index: Int) {
        family = .generated
        colourClass = "s-generated"
        marker = Self.armMarkers[index % Self.armMarkers.count]
    }

    /// The look of the line at `index` among lines; colours repeat after seven.
    init(line index: Int) {
        family = .other
        colourClass = "k-\(index % 7)"
        marker = Self.armMarkers[index % Self.armMarkers.count]
    }

    private static let armMarkers: [Marker] = [.diamond, .square, .triangle, .star, .circle]

    /// Whether single networks matter enough to be drawn large.
    var isMain: Bool { family == .zoo || family == .fresh || family == .generated }

    private static func marker(of family: Family) -> Marker {
        switch family {
        case .zoo, .noise: .circle
        case .fresh: .square
        case .generated: .diamond
        case .average: .triangle
        case .gaussian: .star
        case .nearest: .plus
        case .other: .cross
        }
    }

    /// What a legend says.
    var name: String {
        switch family {
        case .zoo: "zoo"
        case .fresh: "fresh"
        case .generated: "generated"
        case .noise: "zoo + noise"
        case .average: "averages of zoo networks"
        case .gaussian: "Gaussians in code space"
        case .nearest: "nearest zoo network"
        case .other: "other"
        }
    }
}
