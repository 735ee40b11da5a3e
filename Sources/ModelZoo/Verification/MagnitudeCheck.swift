import Networks

/// Finds networks whose weights are far larger than those of the rest of the population, slot by slot.
///
/// A network's magnitude in a slot is its largest |w|. The yardstick is the median of that over all sound networks,
/// which a minority of diverged ones does not move. Slots in which the median is 0 have no yardstick.
struct MagnitudeCheck {
    private let slots: [Slot]
    private let options: ZooVerifier.Options
    private var networks: [Int] = []
    /// Largest |w| by slot, then by entry of `networks`: four bytes a slot and network.
    private var largest: [[Float]]

    init(_ layout: ParameterLayout, _ options: ZooVerifier.Options) {
        slots = layout.slots
        self.options = options
        largest = layout.slots.map { _ in [] }
    }

    mutating func add(_ block: ScannedBlock) {
        for network in block.rows where block.isSound(network) {
            let row = block.row(network)
            networks.append(network)
            for (index, slot) in slots.enumerated() {
                let start = row.startIndex + slot.offset
                largest[index].append(row[start..<start + slot.count].reduce(0) { max($0, abs($1)) })
            }
        }
    }

    func outcome() -> CheckOutcome {
        let medians = largest.map { Self.median($0) }
        let limit = options.bound.map { ", none above \(ZooInspection.number($0))" } ?? ""
        let factor = ZooInspection.number(options.magnitudeFactor)
        let found = networks.indices.compactMap { place in
            self.finding(place, medians).map { (network: networks[place], detail: $0) }
        }
        return CheckOutcome(
            .magnitudes, "largest |w| of a slot at most \(factor) times the population's median\(limit)", found)
    }

    /// What is wrong with the network at `place`: its worst slot, or nil.
    private func finding(_ place: Int, _ medians: [Double]) -> String? {
        var worst: (ratio: Double, text: String)?
        for (index, slot) in slots.enumerated() {
            let value = Double(largest[index][place])
            let reach = "\(slot.name) reaches \(ZooInspection.number(value))"
            if let bound = options.bound, value > bound, worst == nil {
                worst = (0, "\(reach), above \(ZooInspection.number(bound))")
            }
            let median = medians[index]
            guard median > 0, value > options.magnitudeFactor * median, value / median > worst?.ratio ?? 0 else {
                continue
            }
            let times = ZooInspection.number((value / median * 10).rounded() / 10)
            worst = (value / median, "\(reach), \(times) times the population's median \(ZooInspection.number(median))")
        }
        return worst?.text
    }

    static func median(_ values: [Float]) -> Double {
        guard !values.isEmpty else { return 0 }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        guard sorted.count % 2 == 0 else { return Double(sorted[middle]) }
        return (Double(sorted[middle - 1]) + Double(sorted[middle])) / 2
    }
}
