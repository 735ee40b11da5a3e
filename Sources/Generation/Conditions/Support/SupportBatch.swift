import Tensors

/// The support sets of a minibatch side by side: M sets of up to n examples, the shorter ones filled up.
struct SupportBatch {
    /// All examples, one set after the other, [S, shape...].
    let examples: Tensor
    /// M.
    let sets: Int
    /// n.
    let length: Int
    /// The class of each place [M, n], `SupportSet.unknown` where it is not known; nil where there is no example.
    private let labels: [Int?]
    private let places: [Int32]
    private let precision: Precision

    init(_ sets: [SupportSet], precision: Precision) {
        let length = sets.map(\.count).reduce(0, max), total = sets.reduce(0) { $0 + $1.count }
        examples = Tensor.concatenate(sets.map { $0.features.converted(to: precision) }, axis: 0)
        var start = 0
        places = sets.flatMap { set in
            defer { start += set.count }
            return (0..<length).map { $0 < set.count ? Int32(start + $0) : Int32(total) }
        }
        labels = sets.flatMap { set in (0..<length).map { $0 < set.count ? set.labels[$0] : nil } }
        (self.sets, self.length, self.precision) = (sets.count, length, precision)
    }

    /// What was made of all examples, [S, W], set by set: [M, n, W], zero where there is no example.
    func bySet(_ rows: Tensor) -> Tensor {
        rows.padded(axis: 0, before: 0, after: 1).gathered(axis: 0, places)
            .reshaped([sets, length, rows.shape[1]])
    }

    /// A number a place, [M, 1, n].
    private func numbers(_ value: (Int?) -> Double) -> Tensor {
        Tensor(labels.map(value), shape: [sets, 1, length], precision: precision)
    }

    /// 1 where there is an example, [M, 1, n].
    var present: Tensor { numbers { $0 == nil ? 0 : 1 } }

    /// 1 where there is one of no known class, [M, 1, n].
    var unknown: Tensor { numbers { $0 == SupportSet.unknown ? 1 : 0 } }

    /// 1 where an example is of a class, [M, C, n].
    func members(_ classes: Int) -> Tensor {
        var values = [Double](repeating: 0, count: sets * classes * length)
        for (place, label) in labels.enumerated() {
            guard let label, label >= 0 else { continue }
            let (set, example) = place.quotientAndRemainder(dividingBy: length)
            values[(set * classes + label) * length + example] = 1
        }
        return Tensor(values, shape: [sets, classes, length], precision: precision)
    }
}
