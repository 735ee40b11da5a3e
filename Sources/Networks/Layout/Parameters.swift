import Tensors

/// The weights of one network, or of a population: a flat tensor and the layout that says what lies where.
///
/// A zoo row, a generator's sample, an optimizer's state and a checkpoint are all of this type.
public struct Parameters: Sendable {
    /// What lies where.
    public let layout: ParameterLayout
    /// [D], or [P, D] for a population.
    public let flat: Tensor
    /// Where layers note what their weights read; nil, as usual, where nobody wants to know.
    let inputs: SlotInputs?
    private let tensors: [Tensor]

    /// Pairs weights with their layout; traps when D differs. With `noting` a pass leaves there what the weights read.
    public init(layout: ParameterLayout, flat: Tensor, noting inputs: SlotInputs? = nil) {
        precondition(
            flat.rank >= 1 && flat.shape[flat.rank - 1] == layout.count,
            "Parameters: flat \(flat.shape) for a layout of \(layout.count)")
        self.layout = layout
        self.flat = flat
        self.inputs = inputs
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

/// What a network keeps besides its parameters and does not learn by gradients: running statistics.
///
/// Stored with a network, never generated. One row for one network, or [P, ...] for a population, as in `Parameters`.
public struct Buffers: Sendable {
    /// What lies where.
    public let layout: ParameterLayout
    /// P, or nil for a single network.
    public let populationCount: Int?
    private let precision: Precision
    private var tensors: [Tensor]

    /// An untrained network's: 1 where a slot is a scale (running variances), 0 elsewhere (running means).
    public init(_ layout: ParameterLayout, population: Int? = nil, precision: Precision = .single) {
        let batch = population.map { [$0] } ?? []
        self.layout = layout
        populationCount = population
        self.precision = precision
        tensors = layout.buffers.map {
            .full(Shape(batch + $0.shape), $0.role == .scale ? 1 : 0, precision: precision)
        }
    }

    /// Pairs recorded rows, [bufferCount] or [P, bufferCount], with their layout; traps when the width differs.
    public init(layout: ParameterLayout, flat: Tensor) {
        precondition(
            (1...2).contains(flat.rank) && flat.shape[flat.rank - 1] == layout.bufferCount,
            "Buffers: flat \(flat.shape) for a layout of \(layout.bufferCount)")
        self.layout = layout
        populationCount = flat.rank == 1 ? nil : flat.shape[0]
        precision = flat.precision
        tensors = flat.detached.unpacked(layout.packedBuffers)
    }

    /// [bufferCount], or [P, bufferCount] for a population.
    public var flat: Tensor {
        let batch = populationCount.map { [$0] } ?? []
        if tensors.isEmpty { return .zeros(Shape(batch + [0]), precision: precision) }
        return .packed(tensors, layout.packedBuffers)
    }

    /// The tensor of a buffer slot: [slot shape], or [P, slot shape].
    ///
    /// Traps on a slot of another layout and on writing another shape or precision.
    public subscript(slot: Slot) -> Tensor {
        get { tensors[index(of: slot)] }
        set {
            let index = index(of: slot)
            precondition(
                newValue.shape == tensors[index].shape && newValue.precision == precision,
                "Buffers: \(newValue.shape) for \(slot.name) \(tensors[index].shape)")
            tensors[index] = newValue.detached
        }
    }

    private func index(of slot: Slot) -> Int {
        guard let index = layout.buffers.firstIndex(of: slot) else {
            preconditionFailure("Buffers: no buffer \(slot.name) at \(slot.offset)")
        }
        return index
    }
}

extension ParameterLayout {
    /// The buffers as the tensor engine knows them.
    var packedBuffers: [PackedSlot] { buffers.map { PackedSlot(offset: $0.offset, shape: Shape($0.shape)) } }
}
