import Networks

/// Which entries of a flat weight vector the layout's permutations can bring into each other's places.
///
/// Two entries share an orbit if they lie in the same slot and differ in nothing but which units they belong to: the
/// weights from one input pixel to all units of a hidden layer, say. Where one group permutes two axes of a slot, the
/// entries that join a unit with itself are an orbit apart from those that join two units.
public struct ParameterOrbits: Sendable, Hashable {
    /// The orbit of every entry, [D]; numbered in the order of their first entries.
    public let indices: [Int]
    /// Number of orbits.
    public let count: Int

    /// Reads a layout's groups.
    public init(_ layout: ParameterLayout) {
        var indices: [Int] = []
        indices.reserveCapacity(layout.count)
        var count = 0
        for slot in layout.slots {
            var numbers: [Int: Int] = [:]
            for key in Self.keys(slot) {
                let number = numbers[key] ?? count
                if number == count {
                    numbers[key] = number
                    count += 1
                }
                indices.append(number)
            }
        }
        (self.indices, self.count) = (indices, count)
    }

    /// A number for every entry of a slot, row-major, that is equal where the fixed parts of the position are.
    private static func keys(_ slot: Slot) -> [Int] {
        var keys = [0]
        // For every entry so far, the units of the axes that groups permute.
        var units: [[Int]] = [[]]
        for (axis, extent) in slot.shape.enumerated() {
            let (group, action) = (slot.axes[axis], slot.actions[axis])
            let count = extent / (action.repeats * action.block)
            let twins = (0..<axis).filter { slot.axes[$0] != nil && slot.axes[$0] == group }
            let tagged = (0..<axis).filter { slot.axes[$0] != nil }
            var nextKeys: [Int] = [], nextUnits: [[Int]] = []
            nextKeys.reserveCapacity(keys.count * extent)
            for (key, own) in zip(keys, units) {
                for index in 0..<extent {
                    guard group != nil else {
                        nextKeys.append(key * extent + index)
                        nextUnits.append(own)
                        continue
                    }
                    let unit = index / action.block % count
                    let place = index / (action.block * count) * action.block + index % action.block
                    var next = key * action.repeats * action.block + place
                    for twin in twins {
                        let other = tagged.firstIndex(of: twin).map { own[$0] }
                        next = next * 2 + (other == unit ? 1 : 0)
                    }
                    nextKeys.append(next)
                    nextUnits.append(own + [unit])
                }
            }
            (keys, units) = (nextKeys, nextUnits)
        }
        return keys
    }
}
