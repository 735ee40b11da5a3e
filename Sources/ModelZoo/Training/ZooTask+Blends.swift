import Basics

/// A blend as a data set's labels know it.
struct LabelBlend {
    /// The other class, and its label.
    let name: String
    let partner: Int32
    let view: ImageView
    let share: Float
}

extension ZooTask {
    /// What each class of a data set is blended with; throws `.malformed` for a partner that it has not, or a share that
    /// is none.
    func blends(_ classes: [String]) throws -> [LabelBlend?] {
        try classes.map { name in
            guard let blend = blends?[name] else { return nil }
            guard let partner = classes.firstIndex(of: blend.partner) else {
                throw DataError(
                    .malformed, path: "task \(self.name)", expected: "a class of \(dataset.name) to blend with",
                    found: blend.partner.printable(limit: 40))
            }
            guard (0...1).contains(blend.share) else {
                throw DataError(
                    .malformed, path: "task \(self.name)", expected: "shares from 0 to 1", found: "\(blend.share)")
            }
            return LabelBlend(name: blend.partner, partner: Int32(partner), view: blend.view, share: Float(blend.share))
        }
    }
}

extension DatasetSplit {
    /// The samples of the labels that are kept, the i-th of a label's in its part blended with the i-th of its partner's,
    /// around; no part takes anything from another.
    ///
    /// - plain: the same samples, before a view of their own was taken of them.
    ///
    /// Throws `.malformed` where a part has samples to blend and none to blend them with.
    func blended(
        _ blends: [LabelBlend?], with plain: DatasetSplit, keeping: [Bool], task: String
    ) throws -> DatasetSplit {
        let range = plain.range
        func blended(_ own: Dataset, _ plain: Dataset) throws -> Dataset {
            let partners = try blends.enumerated().map { label, blend -> Dataset? in
                guard let blend else { return nil }
                let rows = plain.labels.indices.filter { plain.labels[$0] == blend.partner }
                guard !rows.isEmpty || !own.labels.contains(Int32(label)) else {
                    throw DataError(
                        .malformed, path: "task \(task)",
                        expected: "samples of class \(blend.name.printable()) to blend with in every part",
                        found: "none")
                }
                return blend.view(plain.select(rows: rows), range: range)
            }
            let kept = own.select(rows: own.labels.indices.filter { keeping[Int(own.labels[$0])] })
            return kept.blended(with: partners, shares: blends.map { $0?.share ?? 0 })
        }
        return DatasetSplit(
            train: try blended(train, plain.train), validation: try blended(validation, plain.validation),
            test: try blended(test, plain.test))
    }
}

extension Dataset {
    /// The i-th sample x of label c as (1 - s) x + s z, z the i-th of `partners[c]`, around, and s = `shares[c]`; x where
    /// there are none.
    fileprivate func blended(with partners: [Dataset?], shares: [Float]) -> Dataset {
        var (blended, places) = (inputs, [Int](repeating: 0, count: classCount))
        for (row, label) in labels.map(Int.init).enumerated() {
            guard let partner = partners[label] else { continue }
            let (from, start) = (places[label] % partner.count * featureCount, row * featureCount)
            places[label] += 1
            for feature in 0..<featureCount {
                blended[start + feature] += shares[label] * (partner.inputs[from + feature] - blended[start + feature])
            }
        }
        return Dataset(
            name: name, inputs: blended, sampleShape: sampleShape, labels: labels, classCount: classCount)
    }
}
