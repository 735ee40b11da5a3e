/// Counts of numbers in bins of equal length on an axis' scale.
struct Histogram: Sendable, Equatable {
    /// The number of values in each bin, from low to high.
    let counts: [Int]
    /// How many values could not be counted (not finite).
    let skipped: Int

    /// Counts `values`; those beyond the axis go into the first or last bin, so that the counts add up.
    init(_ values: [Double], axis: Axis, bins: Int) {
        precondition(bins > 0, "a histogram needs at least one bin, found \(bins)")
        var counts = [Int](repeating: 0, count: bins)
        var skipped = 0
        for value in values {
            let place = axis.place(value)
            guard place.isFinite else {
                skipped += 1
                continue
            }
            counts[min(bins - 1, max(0, Int(min(max(place, 0), 1) * Double(bins))))] += 1
        }
        self.counts = counts
        self.skipped = skipped
    }

    /// The tallest count.
    var tallest: Int { counts.max() ?? 0 }
}
