import Basics
import Tensors

extension LoadedDataset {
    /// The rows of each part under a rule, ascending; the same for the same rule on every machine.
    ///
    /// Throws `DataError` for a rule that does not fit: no official test part, too many validation rows, fractions that
    /// leave nothing to train on, listed rows that do not exist or occur twice.
    public func indices(for rule: SplitRule) throws -> SplitIndices {
        switch rule {
        case .official(let validation, let seed): return try official(validation: validation, seed: seed)
        case .stratified(let validation, let test, let seed):
            return try stratified(validation: validation, test: test, seed: seed)
        case .listed(let indices):
            try check(indices)
            return indices
        }
    }

    /// The three parts with inputs prepared; throws `DataError` for rows or preparation that do not fit.
    public func split(_ indices: SplitIndices, preparation: Preparation) throws -> DatasetSplit {
        try check(indices)
        return DatasetSplit(
            train: try prepared(rows: indices.train, preparation),
            validation: try prepared(rows: indices.validation, preparation),
            test: try prepared(rows: indices.test, preparation))
    }

    /// The given rows with inputs prepared; throws `DataError` for rows or a preparation that do not fit.
    public func prepared(rows: [Int], _ preparation: Preparation) throws -> Dataset {
        if let row = rows.first(where: { !labels.indices.contains($0) }) { throw noSuchRow(row) }
        let settings = [("scale", preparation.scale), ("shift", preparation.shift), ("missing", preparation.missing)]
        for case (let key, let value?) in settings {
            guard let problem = value.problem(featureCount: featureCount) else { continue }
            throw DataError(
                .malformed, path: "dataset \(name), \(key)",
                expected: "a finite number, or one for each of \(featureCount) features", found: problem)
        }
        let raw = values.rows(rows, width: featureCount)
        if preparation.missing == nil, hasMissing, let place = raw.firstIndex(where: \.isNaN) {
            throw DataError(
                .configuration, path: "dataset \(name)", expected: "a value for every feature",
                found: "none for feature \(place % featureCount) of row \(rows[place / featureCount])",
                hint: "fill what is missing: dataset.missing: mean")
        }
        return Dataset(
            name: name, inputs: preparation.apply(to: raw, featureCount: featureCount),
            sampleShape: sampleShape, labels: rows.map { labels[$0] }, classCount: classCount)
    }

    private func official(validation: Int, seed: UInt64) throws -> SplitIndices {
        guard let trainCount = officialTrainCount else {
            throw DataError(
                .configuration, path: "dataset \(name)", expected: "an official test part", found: "none",
                hint: "use a stratified split")
        }
        guard validation >= 0, validation < trainCount else {
            throw DataError(
                .configuration, path: "dataset \(name)", expected: "0 to \(trainCount - 1) validation rows",
                found: "\(validation)")
        }
        var stream = RandomStream(seed: seed, purpose: "dataset.validation")
        let order = stream.permutation(trainCount)
        return SplitIndices(
            train: order[validation...].sorted(), validation: order[..<validation].sorted(),
            test: Array(trainCount..<count))
    }

    private func stratified(validation: Double, test: Double, seed: UInt64) throws -> SplitIndices {
        guard validation >= 0, test >= 0, validation + test < 1 else {
            throw DataError(
                .configuration, path: "dataset \(name)", expected: "fractions from 0 with a sum below 1",
                found: "validation \(validation), test \(test)")
        }
        var rowsOfClass = [[Int]](repeating: [], count: classCount)
        for (row, label) in labels.enumerated() { rowsOfClass[Int(label)].append(row) }
        var parts = (train: [Int](), validation: [Int](), test: [Int]())
        for (label, rows) in rowsOfClass.enumerated() {
            var stream = RandomStream(seed: seed, purpose: "dataset.split", index: UInt64(label))
            let shuffled = stream.permutation(rows.count).map { rows[$0] }
            let testEnd = Int((Double(rows.count) * test).rounded())
            let validationEnd = min(testEnd + Int((Double(rows.count) * validation).rounded()), rows.count)
            parts.test += shuffled[..<testEnd]
            parts.validation += shuffled[testEnd..<validationEnd]
            parts.train += shuffled[validationEnd...]
        }
        guard !parts.train.isEmpty else {
            throw DataError(
                .configuration, path: "dataset \(name)", expected: "fractions that leave rows to train on",
                found: "validation \(validation) and test \(test) of \(count) rows")
        }
        return SplitIndices(
            train: parts.train.sorted(), validation: parts.validation.sorted(), test: parts.test.sorted())
    }

    private func check(_ indices: SplitIndices) throws {
        var isTaken = [Bool](repeating: false, count: count)
        for row in [indices.train, indices.validation, indices.test].joined() {
            guard isTaken.indices.contains(row) else { throw noSuchRow(row) }
            guard !isTaken[row] else {
                throw DataError(
                    .malformed, path: "dataset \(name), split", expected: "every row at most once",
                    found: "row \(row) twice")
            }
            isTaken[row] = true
        }
    }

    private func noSuchRow(_ row: Int) -> DataError {
        DataError(
            .malformed, path: "dataset \(name), split", expected: "rows from 0 to \(count - 1)", found: "row \(row)")
    }
}
