import Basics

// The means of distances stand under their own names, as in the first version of `summary.json`; their full statistics
// beside them, under `statistics`.
extension Novelty: Codable {
    private enum CodingKeys: String, CodingKey {
        case unit, wasserstein, statistics, disagreement
        case weightDistance = "weight_distance"
        case contributionDistance = "contribution_distance"
        case rawDistance = "raw_distance"
        case zooToSample = "zoo_to_sample"
        case sampleToSample = "sample_to_sample"
        case zooToZoo = "zoo_to_zoo"
        case jensenShannon = "jensen_shannon"
        case copyingScore = "copying_score"
        case wrongSetIoU = "wrong_set_iou"
        case predictionDisagreement = "prediction_disagreement"
    }

    private static let means: [(CodingKeys, WritableKeyPath<Novelty, SampleStatistics?> & Sendable)] = [
        (.rawDistance, \.rawDistance), (.zooToSample, \.zooToSample), (.sampleToSample, \.sampleToSample),
        (.zooToZoo, \.zooToZoo),
    ]

    /// Writes an object with keys in snake case; what is not known is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(unit, forKey: .unit)
        try container.encodeIfPresent(weightDistance, forKey: .weightDistance)
        try container.encodeIfPresent(contributionDistance, forKey: .contributionDistance)
        if Self.means.contains(where: { (self[keyPath: $0.1]?.count ?? 0) > 0 }) {
            var statistics = container.nestedContainer(keyedBy: CodingKeys.self, forKey: .statistics)
            for (key, path) in Self.means { try statistics.encodeIfPresent(self[keyPath: path], forKey: key) }
        }
        for (key, path) in Self.means { try container.encodeNumberIfPresent(self[keyPath: path]?.mean, forKey: key) }
        try container.encodeNumberIfPresent(wasserstein, forKey: .wasserstein)
        try container.encodeNumberIfPresent(jensenShannon, forKey: .jensenShannon)
        try container.encodeNumberIfPresent(copyingScore, forKey: .copyingScore)
        try container.encodeIfPresent(wrongSets, forKey: .wrongSetIoU)
        try container.encodeNumberIfPresent(predictionDisagreement, forKey: .predictionDisagreement)
        try container.encodeIfPresent(disagreement, forKey: .disagreement)
    }

    /// Reads what is there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            unit: try container.decodeIfPresent(NoveltyUnit.self, forKey: .unit),
            weightDistance: try container.decodeIfPresent(SampleStatistics.self, forKey: .weightDistance),
            contributionDistance: try container.decodeIfPresent(SampleStatistics.self, forKey: .contributionDistance),
            wrongSets: try container.decodeIfPresent(WrongSetOverlap.self, forKey: .wrongSetIoU),
            disagreement: try container.decodeIfPresent(Disagreement.self, forKey: .disagreement))
        if disagreement == nil, let mean = try container.decodeNumberIfPresent(forKey: .predictionDisagreement) {
            disagreement = Disagreement(mean: mean, nearest: .nan)
        }
        let hasStatistics = container.contains(.statistics)
        let statistics =
            hasStatistics ? try container.nestedContainer(keyedBy: CodingKeys.self, forKey: .statistics) : nil
        for (key, path) in Self.means {
            self[keyPath: path] =
                try statistics?.decodeIfPresent(SampleStatistics.self, forKey: key)
                ?? container.decodeNumberIfPresent(forKey: key).map { SampleStatistics(mean: $0, sd: .nan) }
        }
        wasserstein = try container.decodeNumberIfPresent(forKey: .wasserstein)
        jensenShannon = try container.decodeNumberIfPresent(forKey: .jensenShannon)
        copyingScore = try container.decodeNumberIfPresent(forKey: .copyingScore)
    }
}
