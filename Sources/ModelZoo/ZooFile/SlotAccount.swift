/// Statistics of one slot over networks that come in blocks.
struct SlotAccount: Sendable {
    private var moments = Moments()
    private var magnitudes = MagnitudeSketch()

    /// Takes the slot of one sound network into account.
    mutating func add(_ values: ArraySlice<Float>) {
        moments.add(values)
        magnitudes.add(values)
    }

    /// What came out.
    func statistics(name: String, shape: [Int]) -> ZooInspection.SlotStatistics {
        ZooInspection.SlotStatistics(
            name: name, shape: shape, mean: moments.mean, deviation: moments.deviation, minimum: moments.minimum,
            maximum: moments.maximum,
            magnitudes: magnitudes.count == 0
                ? nil : ZooInspection.magnitudeShares.compactMap { magnitudes.quantile($0) })
    }
}
