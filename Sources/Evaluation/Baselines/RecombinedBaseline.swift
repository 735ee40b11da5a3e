import Networks
import Tensors

extension Baseline {
    /// Units recombined from `networks` distinct zoo networks, drawn for each member and matched to the first: every hidden unit with its
    /// incoming weights and bias is one of these networks' at random, and so are the last layer's weights that read it;
    /// what belongs to no hidden unit is the networks' mean. Traps unless `networks` is positive, and where the source
    /// knows no layout.
    public static func recombined(from networks: Int) -> Baseline {
        precondition(networks >= 1, "units of \(networks)")
        return Baseline(
            "recombined-\(networks)", label: "units recombined from \(networks)", isRival: true, group: .other,
            leastZoo: networks, needs: .layout
        ) { zoo, count in
            guard let layout = zoo.layout else { preconditionFailure("recombined units: a source without a layout") }
            let rows = parallelMap(count) { index -> [Float] in
                var stream = zoo.stream("recombined-\(networks)", index)
                let drawn = zoo.matched(Array(stream.permutation(zoo.balanced.shape[0]).prefix(networks))).weights
                let owners = layout.groups.map { group in
                    (0..<group.size).map { _ in stream.integer(below: networks) }
                }
                return layout.slots.flatMap { slot in
                    (0..<slot.count).map { place in
                        let at = slot.offset + place
                        if let owner = slot.owner(of: place, owners) { return drawn[owner][at] }
                        return Float(drawn.reduce(0.0) { $0 + Double($1[at]) } / Double(networks))
                    }
                }
            }
            return .weights(Tensor(rows.flatMap { $0 }, shape: [count, layout.count]))
        }
    }
}

extension Slot {
    /// The network that an entry is taken from: its unit's on the first axis that has units; nil where none has.
    fileprivate func owner(of place: Int, _ owners: [[Int]]) -> Int? {
        var inner = count
        var rest = place
        for (axis, extent) in shape.enumerated() {
            inner /= extent
            let index = rest / inner
            rest %= inner
            guard let group = axes[axis] else { continue }
            return owners[group][index / actions[axis].block % owners[group].count]
        }
        return nil
    }
}

extension Baseline.Family {
    static let recombined = Baseline.Family(prefix: "recombined", \.recombinations) {
        $0 >= 1 ? Baseline.recombined(from: $0) : nil
    }
}
