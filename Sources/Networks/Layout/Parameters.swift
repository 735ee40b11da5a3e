import Tensors

/// The weights of one network, or of a population: a flat tensor and the layout that says what lies where.
///
/// A zoo row, a generator's sample, an optimizer's state and a checkpoint are all of this type.
public struct Parameters: Sendable {
    /// What lies where.
    public let layout: ParameterLayout
    /// [D], or [P, D] for a population.
    public let flat: Tensor
    private let tensors: [Tensor]

    /// Pairs weights with their layout; traps when D differs.
    public init(layout: ParameterLayout, flat: Tensor) {
        precondition(
            flat.rank >= 1 && flat.shape[flat.rank - 1] == layout.count,
            "Parameters: flat \(flat.shape) for a layout of \(layout.count)")
        self.layout = layout
        self.flat = flat
        tensors = flat.unpacked(layout.packedSlots)
    }

    /// The tensor of a slot: [slot shape], or [P, slot shape] for a population. Traps on a slot of another layout.
    public subscript(slot: Slot) -> Tensor {
        guard let index = layout.index(of: slot) else {
            preconditionFailure("Parameters: no slot \(slot.name) at \(slot.offset)")
        }
        return tensors[index]
    }

    /// P, or nil for a single network.
    public var populationCount: Int? { flat.rank == 1 ? nil : flat.shape[0] }
}

extension ParameterLayout {
    /// The slots as the tensor engine knows them.
    var packedSlots: [PackedSlot] { slots.map { PackedSlot(offset: $0.offset, shape: Shape($0.shape)) } }

    /// Position of a slot, by binary search over offsets.
    func index(of slot: Slot) -> Int? {
        var (low, high) = (0, slots.count)
        while low < high {
            let middle = (low + high) / 2
            if slots[middle].offset < slot.offset { low = middle + 1 } else { high = middle }
        }
        return low < slots.count && slots[low] == slot ? low : nil
    }
}
