extension Summary {
    /// How new a population is, against the networks that the generator was trained on.
    ///
    /// Distances are Euclidean, between weights with permutations and scales normalised. Ratios are in units of
    /// the held-out networks' own mean distance to their nearest training network: 1 is as far from the zoo as a
    /// freshly trained network, 0 is a copy.
    public struct Novelty: Sendable, Equatable {
        /// The ratio for each network's distance to its nearest zoo network, summarised over all networks.
        public var weightDistance: Spread?
        /// The mean distance to the nearest zoo network, in weights.
        public var rawDistance: Double?
        /// The mean ratio from each zoo network to its nearest sample: large where parts of the zoo are missed.
        public var zooToSample: Double?
        /// The mean ratio from each sample to its nearest other sample: 0 where samples collapse into one.
        public var sampleToSample: Double?
        /// The mean ratio from each zoo network to its nearest other zoo network.
        public var zooToZoo: Double?
        /// The overlap of wrongly classified test samples with the zoo networks'.
        public var wrongSetIoU: WrongSetIoU?
        /// The share of test samples on which a network and its nearest zoo network predict differently.
        public var predictionDisagreement: Double?

        /// Takes what is known.
        public init(
            weightDistance: Spread? = nil, rawDistance: Double? = nil, zooToSample: Double? = nil,
            sampleToSample: Double? = nil, zooToZoo: Double? = nil, wrongSetIoU: WrongSetIoU? = nil,
            predictionDisagreement: Double? = nil
        ) {
            self.weightDistance = weightDistance
            self.rawDistance = rawDistance
            self.zooToSample = zooToSample
            self.sampleToSample = sampleToSample
            self.zooToZoo = zooToZoo
            self.wrongSetIoU = wrongSetIoU
            self.predictionDisagreement = predictionDisagreement
        }
    }

    /// Intersection over union of the sets of test samples that two networks get wrong.
    public struct WrongSetIoU: Sendable, Equatable {
        /// The mean over all pairs of a network and a zoo network.
        public var mean: Double
        /// The mean over networks of the largest overlap with any zoo network.
        public var maxMean: Double

        /// Takes both numbers.
        public init(mean: Double, maxMean: Double) {
            self.mean = mean
            self.maxMean = maxMean
        }
    }
}

extension Summary.Novelty: Codable {
    private enum CodingKeys: String, CodingKey {
        case weightDistance = "weight_distance"
        case rawDistance = "raw_distance"
        case zooToSample = "zoo_to_sample"
        case sampleToSample = "sample_to_sample"
        case zooToZoo = "zoo_to_zoo"
        case wrongSetIoU = "wrong_set_iou"
        case predictionDisagreement = "prediction_disagreement"
    }

    /// Writes an object with keys in snake case; what is not known is left out.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeIfPresent(weightDistance, forKey: .weightDistance)
        try container.encodeNumberIfPresent(rawDistance, forKey: .rawDistance)
        try container.encodeNumberIfPresent(zooToSample, forKey: .zooToSample)
        try container.encodeNumberIfPresent(sampleToSample, forKey: .sampleToSample)
        try container.encodeNumberIfPresent(zooToZoo, forKey: .zooToZoo)
        try container.encodeIfPresent(wrongSetIoU, forKey: .wrongSetIoU)
        try container.encodeNumberIfPresent(predictionDisagreement, forKey: .predictionDisagreement)
    }

    /// Reads what is there.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        weightDistance = try container.decodeIfPresent(Spread.self, forKey: .weightDistance)
        rawDistance = try container.decodeNumberIfPresent(forKey: .rawDistance)
        zooToSample = try container.decodeNumberIfPresent(forKey: .zooToSample)
        sampleToSample = try container.decodeNumberIfPresent(forKey: .sampleToSample)
        zooToZoo = try container.decodeNumberIfPresent(forKey: .zooToZoo)
        wrongSetIoU = try container.decodeIfPresent(Summary.WrongSetIoU.self, forKey: .wrongSetIoU)
        predictionDisagreement = try container.decodeNumberIfPresent(forKey: .predictionDisagreement)
    }
}

extension Summary.WrongSetIoU: Codable {
    private enum CodingKeys: String, CodingKey {
        case mean
        case maxMean = "max_mean"
    }

    /// Writes both numbers, null where not finite.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encodeNumber(mean, forKey: .mean)
        try container.encodeNumber(maxMean, forKey: .maxMean)
    }

    /// Reads both numbers.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        mean = try container.decodeNumber(forKey: .mean)
        maxMean = try container.decodeNumber(forKey: .maxMean)
    }
}
