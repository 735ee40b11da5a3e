import Networks
import Tensors

extension Initialization {
    /// Draws one network [D] and multiplies every slot by its factor; 0 gives zeros.
    func network(_ layout: ParameterLayout, _ stream: RandomStream, factor: (Slot) -> Double) -> Tensor {
        let drawn = network(layout, stream)
        let parts = layout.slots.map { slot -> Tensor in
            let factor = factor(slot)
            if factor == 0 { return .zeros([slot.count]) }
            let part = drawn.sliced(axis: 0, slot.range)
            return factor == 1 ? part : part * factor
        }
        return .concatenate(parts, axis: 0)
    }
}
