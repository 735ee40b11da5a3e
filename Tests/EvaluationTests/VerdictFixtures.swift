@testable import Evaluation

/// A row of given figures; distances in fresh-network units, one network each.
func makeRow(
    _ what: String = "generated", accuracy: Double = 0.961, distances: [Double] = [1, 1, 1, 1], overlap: Double = 0.4,
    codeRatio: Double? = 1, weightRatio: Double = 1, sampleToSample: Double = 1, zooToSample: Double = 1,
    origin: NoveltyUnit.Origin = .freshNetworks, label: String? = nil
) -> EvaluationRow {
    let neighbours = { (values: [Double]) in values.map { Neighbour(index: 0, distance: $0) } }
    let nearest = NearestDistances(
        zooToZoo: neighbours([1, 1]), sampleToSample: neighbours([sampleToSample]),
        zooToSample: neighbours([zooToSample]), sampleToZoo: neighbours(distances))
    let spread = { (ratio: Double) in
        CodeSpread(
            rmsRatio: ratio, rmsRatioAboutZoo: ratio, perDimension: SampleStatistics([ratio]), nonFinite: 0)
    }
    return EvaluationRow(
        what: what, label: label ?? what, count: distances.count, nonFinite: distances.filter(\.isNaN).count,
        accuracy: SampleStatistics(distances.map { _ in accuracy }), validationAccuracy: nil,
        novelty: Novelty(nearest, unit: NoveltyUnit(distance: 1, origin: origin), freshToZoo: []),
        wrongSets: WrongSetOverlap(mean: overlap / 2, meanOfMax: overlap),
        disagreement: Disagreement(mean: 0.05, nearest: 0.02), codeSpread: codeRatio.map(spread),
        weightSpread: spread(weightRatio), points: [])
}

/// The verdict on one generated row beside a zoo at 96.2 %.
func judge(
    _ generated: EvaluationRow, zoo: Double = 0.962, fresh: EvaluationRow? = makeRow("fresh"),
    baselines: [EvaluationRow] = [], chance: Double = 0.1, diverged: Bool = false
) -> Verdict {
    Verdict(
        generated: generated, zoo: makeRow("zoo", accuracy: zoo), fresh: fresh, baselines: baselines,
        chance: chance, diverged: diverged)
}
