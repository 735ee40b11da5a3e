import Networks
import Tensors

/// One slot's entries sorted by the interchangeable units that they belong to: [slot shape] to [units..., features].
///
/// An axis that a group permutes is taken apart into repeats, units and entries of a unit (`GroupAction`); units come
/// first, in the order of the axes, and everything whose place is fixed is a feature. A slot with one such axis belongs
/// to the units of one group, with two to pairs of units, with none to the network as a whole.
struct SlotTokens: Sendable, Hashable {
    /// Index of the slot in its layout.
    let slot: Int
    /// The groups of the unit axes: none, one or two.
    let groups: [Int]
    /// Their numbers of units.
    let units: [Int]
    /// Entries of one unit, or of one pair.
    let features: Int
    private let shape: [Int]
    private let extents: [Int]
    private let order: [Int]

    /// Reads a slot's tags; nil where more than two axes are permuted.
    init?(_ slot: Slot, index: Int) {
        var extents: [Int] = [], unitAxes: [Int] = [], groups: [Int] = []
        var isOpen = false  // whether the last extent is one of fixed entries, which the next may join
        func fix(_ extent: Int) {
            if extent == 1 { return }
            if isOpen { extents[extents.count - 1] *= extent } else { extents.append(extent) }
            isOpen = true
        }
        for (axis, extent) in slot.shape.enumerated() {
            guard let group = slot.axes[axis] else {
                fix(extent)
                continue
            }
            let action = slot.actions[axis]
            fix(action.repeats)
            unitAxes.append(extents.count)
            extents.append(extent / (action.repeats * action.block))
            groups.append(group)
            isOpen = false
            fix(action.block)
        }
        guard groups.count <= 2, extents.count < Shape.maximumRank else { return nil }
        let fixed = extents.indices.filter { !unitAxes.contains($0) }
        (self.slot, self.groups, self.shape, self.extents) = (index, groups, slot.shape, extents)
        units = unitAxes.map { extents[$0] }
        features = fixed.reduce(1) { $0 * extents[$1] }
        order = unitAxes + fixed
    }

    /// [B, slot shape] to [B, units..., features].
    func read(_ x: Tensor) -> Tensor {
        let batch = x.shape[0]
        return x.reshaped(Shape([batch] + extents)).permuted([0] + order.map { $0 + 1 })
            .reshaped(Shape([batch] + units + [features]))
    }

    /// [B, units..., features] to [B, slot shape]: undoes `read`.
    func write(_ x: Tensor) -> Tensor {
        let batch = x.shape[0]
        let back = extents.indices.map { axis in (order.firstIndex(of: axis) ?? axis) + 1 }
        return x.reshaped(Shape([batch] + order.map { extents[$0] })).permuted([0] + back)
            .reshaped(Shape([batch] + shape))
    }
}
