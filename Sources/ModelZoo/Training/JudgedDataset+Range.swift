import Basics

extension DatasetDescription {
    /// What is doubtful about preparing data as a zoo records it where its raw values are in other units than those of
    /// the zoo's own data, or nil. Where the zoo's data is not at hand, the prepared inputs are looked at instead.
    func rangeDoubt(_ loaded: LoadedDataset, _ own: ZooDataset, _ catalog: DatasetCatalog) throws -> String? {
        let here = loaded.thinnedRows
        guard let known = try? catalog.load(own.name, csv: own.csvOptions).arranged(as: own, outputs: nil),
            known.featureCount == loaded.featureCount
        else { return try inputsDoubt(loaded, own, rows: here) }
        let (values, others) = (loaded.rawInputs(rows: here), known.rawInputs(rows: known.thinnedRows))
        let hint = "; with its own preparation in --dataset they are judged by that"
        if let names = loaded.columns?.features, names.count == loaded.featureCount {
            for (feature, name) in names.enumerated() {
                let width = loaded.featureCount
                func column(_ all: [Float]) -> ValueRange? {
                    ValueRange(stride(from: feature, to: all.count, by: width).map { all[$0] })
                }
                guard let own = column(others), let new = column(values), own.excludes(new) else { continue }
                return "the values of '\(name.printable(limit: 40))' in \(self.name) are \(new.inWords), those of the "
                    + "zoo's own data \(own.inWords): the zoo's preparation may not fit" + hint
            }
        }
        guard let own = ValueRange(others), let new = ValueRange(values), own.excludes(new) || own.differs(from: new)
        else {
            return nil
        }
        return "the values of \(name) are \(new.inWords), those of \(known.name), for which the zoo's preparation is, "
            + own.inWords + hint
    }

    /// Prepared inputs that hardly differ, or differ without bounds, come from values in other units.
    private func inputsDoubt(_ loaded: LoadedDataset, _ own: ZooDataset, rows: [Int]) throws -> String? {
        let preparation = own.preparation
        guard preparation.scale != 1 || preparation.shift != 0 else { return nil }
        let fits = [preparation.scale, preparation.shift].allSatisfy {
            $0.problem(featureCount: loaded.featureCount) == nil
        }
        guard fits else { return nil }
        let raw = loaded.rawInputs(rows: rows)
        let form = Preparation(scale: preparation.scale, shift: preparation.shift)
        guard let inputs = ValueRange(form.apply(to: raw, featureCount: loaded.featureCount)),
            let values = ValueRange(raw), !(0.1...10).contains(inputs.deviation)
        else { return nil }
        return
            "the values of \(name) are \(values.inWords), and inputs prepared as the zoo records \(inputs.inWords): they "
            + "may be in other units; with its own preparation in --dataset they are judged by that"
    }
}

/// Where values lie.
private struct ValueRange {
    let least, greatest, mean, deviation: Double

    /// Of values that are not missing; nil where all are.
    init?(_ values: [Float]) {
        let known = values.lazy.filter { $0.isFinite }.map(Double.init)
        guard let least = known.min(), let greatest = known.max() else { return nil }
        let count = Double(known.count)
        let mean = known.reduce(0, +) / count
        (self.least, self.greatest, self.mean) = (least, greatest, mean)
        deviation = (known.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    }

    /// Whether others lie wholly beside these, further away than these reach.
    func excludes(_ other: ValueRange) -> Bool {
        let width = greatest - least
        return width > 0 && (other.least > greatest + width || other.greatest < least - width)
    }

    /// Whether others are spread four times as far, or a fourth as far.
    func differs(from other: ValueRange) -> Bool {
        deviation > 0 && !(0.25...4).contains(other.deviation / deviation)
    }

    var inWords: String {
        func text(_ value: Double) -> String {
            NumberText.significant(value, digits: 3).replacing("−", with: "-").replacing(",", with: "")
        }
        return least == greatest ? "all \(text(least))" : "from \(text(least)) to \(text(greatest))"
    }
}

extension LoadedDataset {
    /// At most 500 rows, spread evenly.
    fileprivate var thinnedRows: [Int] {
        count <= 500 ? Array(0..<count) : (0..<500).map { $0 * count / 500 }
    }
}
