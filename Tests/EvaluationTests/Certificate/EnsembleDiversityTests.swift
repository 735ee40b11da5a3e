import Foundation
import Networks
import Tensors
import Testing

@testable import Evaluation

@Suite("How much the networks of an ensemble differ")
struct EnsembleDiversityTests {
    /// Networks that are points of a plane, without symmetries.
    private static func population(_ points: [(Float, Float)], _ predictions: [[Int32]]) -> JudgedPopulation {
        let weights = Tensor(points.flatMap { [$0.0, $0.1] }, shape: [points.count, 2])
        return JudgedPopulation(
            networks: PlacedNetworks(normal: weights, matched: weights), predictions: predictions)
    }

    private static func evaluation(_ zoo: JudgedPopulation) throws -> EnsembleEvaluation {
        let layout = ParameterLayout(slots: [Slot(name: "w", offset: 0, shape: [2], role: .weight)])
        return EnsembleEvaluation(
            frame: try SymmetryFrame(reference: [0, 0], layout: layout), zoo: zoo, fresh: nil, labels: [0, 1])
    }

    private static let square: [(Float, Float)] = [(0, 0), (3, 0), (0, 4), (3, 4)]

    @Test("mean distances over pairs and to the nearest other, and mean disagreement, beside the zoo's")
    func numbers() throws {
        let zoo = Self.population(Self.square, [[0, 1], [0, 1], [0, 1], [1, 1]])
        let evaluation = try Self.evaluation(zoo)
        #expect(evaluation.unit.distance == 3)
        let half = Self.population(Self.square.map { ($0.0 / 2, $0.1 / 2) }, [[0, 1], [0, 1], [0, 1], [0, 0]])
        let diversity = try #require(evaluation.diversity(of: half))
        #expect(diversity.count == 4)
        #expect(abs(diversity.pairwise.zoo - (3 + 4 + 5 + 5 + 4 + 3) / 6.0 / 3) < 1e-12)
        #expect(abs(diversity.pairwise.ratio - 0.5) < 1e-12 && abs(diversity.nearest.ratio - 0.5) < 1e-12)
        // Three of six pairs differ on one of two inputs, in both.
        #expect(diversity.disagreement == .init(own: 0.25, zoo: 0.25))
    }

    @Test("both sides have as many networks: the ensemble's first, and zoo networks spread over the zoo")
    func counts() throws {
        let zoo = Self.population(Self.square, Array(repeating: [0, 1], count: 4))
        let evaluation = try Self.evaluation(zoo)
        let pair = Self.population([(0, 0), (1, 0)], [[0, 1], [0, 1]])
        let diversity = try #require(evaluation.diversity(of: pair))
        #expect(diversity.count == 2)
        // Zoo networks 0 and 2, 4 apart.
        #expect(abs(diversity.nearest.ratio - 0.25) < 1e-12 && diversity.disagreement.ratio.isNaN)
        let many = Self.population(Self.square + Self.square, Array(repeating: [0, 1], count: 8))
        #expect(evaluation.diversity(of: many)?.count == 4)
        #expect(evaluation.diversity(of: Self.population([(0, 0)], [[0, 1]])) == nil)
    }

    @Test("a collapsed ensemble has no diversity, and numbers that are not finite are written as null")
    func collapsed() throws {
        let zoo = Self.population(Self.square, Array(repeating: [0, 1], count: 4))
        let one = Self.population(Array(repeating: (1, 1), count: 4), Array(repeating: [0, 1], count: 4))
        let diversity = try #require(try Self.evaluation(zoo).diversity(of: one))
        #expect(diversity.pairwise.ratio == 0 && diversity.nearest.ratio == 0)
        let data = try JSONEncoder().encode(diversity)
        #expect(String(decoding: data, as: UTF8.self).contains("\"ratio\":null"))
        let read = try JSONDecoder().decode(EnsembleDiversity.self, from: data)
        #expect(read == diversity)
    }
}
