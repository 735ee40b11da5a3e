import Basics

/// A population in the picture of accuracy against novelty: what a generator has to be ahead of.
public struct FrontierPoint: Sendable, Equatable, Codable {
    /// Which population.
    public var population: PopulationKind
    /// The same for people.
    public var label: String
    /// Mean test accuracy, a fraction; networks whose outputs are not numbers count as never right.
    @OrNull public var testAccuracy: Double
    /// The median distance to the nearest zoo network, in units of a fresh network's.
    @OrNull public var distance: Double
    /// The same by what units contribute; nil where it was not measured.
    @OrNull public var contributionDistance: Double?
    /// How often predictions differ from the nearest zoo network's, beside fresh networks; nil where it was not measured.
    @OrNull public var disagreement: Double?
    /// Whether no other population here is at least as far away, by the lesser of the two distances, and more accurate.
    public var isOnFrontier: Bool

    private enum CodingKeys: String, CodingKey {
        case label, distance, disagreement
        case population = "what"
        case testAccuracy = "test_accuracy"
        case contributionDistance = "contribution_distance"
        case isOnFrontier = "on_frontier"
    }

    /// Puts a point together.
    public init(
        population: PopulationKind, label: String, testAccuracy: Double, distance: Double,
        contributionDistance: Double? = nil, disagreement: Double? = nil, isOnFrontier: Bool = false
    ) {
        (self.population, self.label, self.testAccuracy) = (population, label, testAccuracy)
        (self.distance, self.contributionDistance) = (distance, contributionDistance)
        (self.disagreement, self.isOnFrontier) = (disagreement, isOnFrontier)
    }

    /// The lesser of the two distances.
    public var leastDistance: Double { min(distance, contributionDistance ?? distance) }

    /// The points of rows, nearest first, and which of them no other one surpasses. Rows without a distance or an accuracy
    /// have no point.
    static func points(of rows: [EvaluationRow], beside reference: EvaluationRow?) -> [FrontierPoint] {
        var points = rows.compactMap { row -> FrontierPoint? in
            let newness = Newness(row, beside: reference), accuracy = row.testAccuracy.meanOfAll
            guard let distance = newness[.weights], accuracy.isFinite else { return nil }
            return FrontierPoint(
                population: row.population, label: row.label, testAccuracy: accuracy, distance: distance,
                contributionDistance: newness[.contributions], disagreement: newness[.disagreement])
        }
        for index in points.indices {
            let point = points[index]
            points[index].isOnFrontier = !points.contains {
                $0.leastDistance >= point.leastDistance && $0.testAccuracy > point.testAccuracy
            }
        }
        let order = points.indices.sorted {
            (points[$0].leastDistance, $0) < (points[$1].leastDistance, $1)
        }
        return order.map { points[$0] }
    }
}
