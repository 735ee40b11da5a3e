import Basics

extension ZooRecipe {
    /// The recipe's data, divided, and how a zoo file names it. Throws as `DatasetCatalog.load` does.
    public func data(from catalog: DatasetCatalog) throws -> (split: DatasetSplit, recorded: ZooDataset) {
        try data(in: dataset.load(dataset.name, from: catalog))
    }

    /// The same of a data set that has been loaded.
    func data(in loaded: LoadedDataset) throws -> (split: DatasetSplit, recorded: ZooDataset) {
        let (indices, isOfficial) = try dataset.indices(in: loaded)
        let preparation = try dataset.preparation(of: loaded, training: indices.train)
        let recorded = preparation.recorded(
            loaded, split: isOfficial && indices.validation.isEmpty ? .official : indices.recorded)
        return (try loaded.split(indices, preparation: preparation), recorded)
    }
}

extension ZooRecipe.Data {
    /// The named data set as its files hold it.
    func load(_ name: String, from catalog: DatasetCatalog) throws -> LoadedDataset {
        try catalog.load(name, csv: .found(label: label, allowsMissing: missing != .refuse))
    }

    /// The rows of each part, and whether the test part is the official one.
    func indices(in loaded: LoadedDataset) throws -> (SplitIndices, isOfficial: Bool) {
        if test == 0, let count = loaded.officialTrainCount {
            let rows = Int((Double(count) * validation).rounded())
            return (try loaded.indices(for: .official(validation: rows, seed: UInt64(seed))), true)
        }
        let rule = SplitRule.stratified(validation: validation, test: test, seed: UInt64(seed))
        return (try loaded.indices(for: rule), false)
    }

    /// How raw values become inputs; what must be measured is measured on the training rows.
    func preparation(of loaded: LoadedDataset, training rows: [Int]) throws -> Preparation {
        let plain = try plainPreparation(of: loaded)
        guard standardize || missing != .refuse else { return plain }
        let facts = loaded.featureMoments(rows: rows)
        if let feature = facts.firstIndex(where: { $0.count == 0 }) {
            throw DataError(
                .malformed, path: "dataset \(loaded.name)", expected: "a value of every feature in a training row",
                found: "none of feature \(feature)")
        }
        let filling = missing == .refuse ? nil : PerFeature.each(facts.map(\.mean))
        guard standardize else { return Preparation(scale: plain.scale, shift: plain.shift, missing: filling) }
        return Preparation(standardizing: facts, missing: filling)
    }

    /// Scale and shift as they are given; the data's usual ones where neither is.
    private func plainPreparation(of loaded: LoadedDataset) throws -> Preparation {
        if let mean, let std {
            var description = DatasetDescription(name: name, place: "dataset")
            description.scale = scale
            return try description.normalized(Normalization(mean: mean, deviation: std), loaded)
        }
        if scale == nil, shift == 0 {
            return Preparation(scale: loaded.usualPreparation.scale, shift: loaded.usualPreparation.shift)
        }
        return Preparation(scale: scale ?? 1, shift: shift)
    }
}

/// A feature's mean and deviation over rows in which it is not missing.
struct FeatureMoments {
    var count = 0
    var mean = 0.0
    var deviation = 0.0
}

extension LoadedDataset {
    /// Mean and deviation (divisor n) of every feature over the given rows, missing values left out; what is missing
    /// everywhere has count 0.
    func featureMoments(rows: [Int]) -> [FeatureMoments] {
        let (raw, width) = (values.rows(rows, width: featureCount), featureCount)
        return (0..<width).map { feature in
            let known = stride(from: feature, to: raw.count, by: width).map { Double(raw[$0]) }.filter { !$0.isNaN }
            guard !known.isEmpty else { return FeatureMoments() }
            let mean = known.reduce(0, +) / Double(known.count)
            let spread = known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
            return FeatureMoments(
                count: known.count, mean: mean, deviation: (spread / Double(known.count)).squareRoot())
        }
    }
}

extension SplitIndices {
    /// The rows as a zoo file lists them.
    var recorded: ZooDataset.Split { .indices(train: train, validation: validation, test: test) }
}
