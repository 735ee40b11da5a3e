import Tensors

/// The largest difference between two lists, relative to the largest magnitude in either (at least `floor`).
///
/// Not elementwise: rounding errors of a sum scale with its largest terms.
public func relativeDifference(_ a: [Double], _ b: [Double], floor: Double = 1e-12) -> Double {
    precondition(a.count == b.count, "comparing \(a.count) with \(b.count) numbers")
    let scale = zip(a, b).reduce(floor) { max($0, abs($1.0), abs($1.1)) }
    let difference = zip(a, b).reduce(0.0) { worst, pair in
        let gap = abs(pair.0 - pair.1)
        return gap.isNaN ? .infinity : max(worst, gap)
    }
    return difference / scale
}

/// The same for tensors; infinite where shapes differ.
public func relativeDifference(_ a: Tensor, _ b: Tensor, floor: Double = 1e-12) -> Double {
    a.shape == b.shape ? relativeDifference(a.doubles, b.doubles, floor: floor) : .infinity
}

/// A double-precision tensor of standard normal numbers, a pure function of its arguments.
public func normalDoubles(_ shape: Shape, seed: UInt64 = 1, index: UInt64 = 0) -> Tensor {
    var stream = RandomStream(seed: seed, purpose: "test", index: index)
    return stream.normal(shape).converted(to: .double)
}
