import Synchronization
import Tensors

/// What the weights of a network read while it runs: for every weight slot the inputs that it is multiplied with.
///
/// Made for one pass of a population: `Parameters(layout:flat:noting:)` carries it, and the layers note what they are
/// given. Only slots that read a symmetry group's units are noted, since what stands in fixed order (pixels) is known.
/// Where a layer runs more than once in a pass, the last run counts.
public final class SlotInputs: Sendable {
    /// Inputs of one slot.
    public struct Input: Sendable {
        /// [P, B, C] of a linear layer, [P, B, T, C] of one that runs on tokens, [P, B, C, spatial...] of a convolution;
        /// without P for one network.
        public let values: Tensor
        /// The axis of the channels C that the slot's second axis counts, from the end: 1 is the last.
        public let channelsFromEnd: Int
    }

    private let found = Mutex<[Int: Input]>([:])

    /// Nothing noted yet.
    public init() {}

    /// What a slot read; nil where it reads no units, or by another way than a linear or convolutional layer.
    public subscript(slot: Slot) -> Input? { found.withLock { $0[slot.offset] } }

    func note(_ values: Tensor, of slot: Slot, channelsFromEnd: Int) {
        let input = Input(values: values.detached, channelsFromEnd: channelsFromEnd)
        found.withLock { $0[slot.offset] = input }
    }
}

extension Parameters {
    /// Notes what a slot with units on its second axis reads, where somebody asked for it.
    func note(_ values: Tensor, of slot: Slot, spatialRank: Int = 0) {
        guard let inputs, slot.axes.count > 1, slot.axes[1] != nil else { return }
        inputs.note(values, of: slot, channelsFromEnd: spatialRank + 1)
    }
}
