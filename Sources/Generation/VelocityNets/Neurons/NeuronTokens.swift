import Networks
import Tensors

/// How a network's weights are read as tokens: one for the network, one for every interchangeable unit, and one edge
/// for every pair of units that a weight joins.
///
/// Of an MLP with one hidden layer, a hidden unit's token holds its incoming weights, its bias and its outgoing
/// weights, and the network's token the output biases. With several hidden layers the weights between two of them belong to
/// pairs of units: edges. Residual streams are one group of units throughout, as in the layout.
struct NeuronTokens: Sendable {
    /// The units of one symmetry group.
    struct Units: Sendable {
        /// Index of the group in the layout.
        let group: Int
        /// What it is called.
        let name: String
        /// Number of units.
        let count: Int
        /// Slots whose entries belong to single units of the group.
        let slots: [SlotTokens]
        /// Entries of one unit.
        var features: Int { slots.reduce(0) { $0 + $1.features } }
    }

    /// The weights between units: a slot on two groups, by their positions in `units`.
    struct Edges: Sendable {
        /// The slot.
        let slot: SlotTokens
        /// What it is called.
        let name: String
        /// Positions in `units` of the groups of its first and second unit axis.
        let ends: (first: Int, second: Int)
    }

    /// Slots in which nothing is permuted.
    let globals: [SlotTokens]
    /// The groups that any slot mentions.
    let units: [Units]
    /// Slots between units.
    let edges: [Edges]
    /// Where slots lie.
    let packedSlots: [PackedSlot]

    /// Reads a layout; nil where a slot has more than two permutable axes.
    init?(_ layout: ParameterLayout) {
        var slots: [SlotTokens] = []
        for (index, slot) in layout.slots.enumerated() {
            guard let tokens = SlotTokens(slot, index: index) else { return nil }
            slots.append(tokens)
        }
        let used = layout.groups.indices.filter { group in slots.contains { $0.groups.contains(group) } }
        globals = slots.filter { $0.groups.isEmpty }
        units = used.map { group in
            Units(
                group: group, name: layout.groups[group].name, count: layout.groups[group].size,
                slots: slots.filter { $0.groups == [group] })
        }
        edges = slots.filter { $0.groups.count == 2 }.map { slot in
            func position(_ axis: Int) -> Int { used.firstIndex(of: slot.groups[axis]) ?? 0 }
            return Edges(slot: slot, name: layout.slots[slot.slot].name, ends: (position(0), position(1)))
        }
        packedSlots = layout.slots.map { PackedSlot(offset: $0.offset, shape: Shape($0.shape)) }
    }

    /// Entries of the network's own token.
    var globalFeatures: Int { globals.reduce(0) { $0 + $1.features } }

    /// Number of tokens: the network's, then every group's units.
    var count: Int { 1 + units.reduce(0) { $0 + $1.count } }

    /// Features of every kind of token, then of every edge slot.
    var features: [Int] { [globalFeatures] + units.map(\.features) + edges.map(\.slot.features) }

    /// Where each kind's features lie when they stand one after the other.
    var featureSlots: [PackedSlot] {
        var next = 0
        return features.map { count in
            defer { next += count }
            return PackedSlot(offset: next, shape: [count])
        }
    }

    /// The parts of a row of tokens [B, T W] that belong to the network and to each group.
    func parts(width: Int) -> [PackedSlot] {
        var next = 0
        return ([1] + units.map(\.count)).map { count in
            defer { next += count * width }
            return PackedSlot(offset: next, shape: [count, width])
        }
    }

    /// What a network's weights [B, D] say of it: the network's own entries [B, 1, F] (nil where there are none), those
    /// of each group's units [B, units, F], and each edge slot's [B, first units, second units, F].
    func read(_ x: Tensor) -> (tokens: [Tensor?], edges: [Tensor]) {
        let batch = x.shape[0]
        let tensors = x.unpacked(packedSlots)
        func joined(_ slots: [SlotTokens], _ count: Int) -> Tensor? {
            let parts = slots.map { $0.read(tensors[$0.slot]).reshaped([batch, count, $0.features]) }
            return parts.isEmpty ? nil : parts.count == 1 ? parts[0] : .concatenate(parts, axis: 2)
        }
        let tokens = [joined(globals, 1)] + units.map { joined($0.slots, $0.count) }
        return (tokens, edges.map { $0.slot.read(tensors[$0.slot.slot]) })
    }

    /// Undoes `read`: [B, D].
    func write(_ tokens: [Tensor?], edges written: [Tensor]) -> Tensor {
        var tensors = [Tensor?](repeating: nil, count: packedSlots.count)
        for (slots, value) in zip([globals] + units.map(\.slots), tokens) {
            var next = 0
            for slot in slots {
                guard let value else { continue }
                tensors[slot.slot] = slot.write(value.sliced(axis: 2, next..<(next + slot.features)))
                next += slot.features
            }
        }
        for (edge, value) in zip(edges, written) { tensors[edge.slot.slot] = edge.slot.write(value) }
        return .packed(tensors.compactMap { $0 }, packedSlots)
    }
}
