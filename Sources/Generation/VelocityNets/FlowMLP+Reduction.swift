import Networks
import Tensors

extension FlowMLP {
    /// The flow in the space of the first layer's pre-activations.
    ///
    /// The net sees x only through W_in x and speaks only through W_out g + b_out, g its last hidden activation. So the
    /// state (z, c), z = W_in x and c the integral of g, follows
    ///
    ///     dz/dt = W_in W_out g + W_in b_out,   dc/dt = g(z, t),   x(1) = x(0) + W_out c(1) + b_out,
    ///
    /// where W_in W_out is formed once: an evaluation costs h^2 instead of 2 D h multiplications. nil where D is too small
    /// for that to pay.
    public func reduced(_ parameters: Parameters) -> ReducedFlow? {
        let (entry, exit) = (blocks[0].linear, head)
        let (width, inner) = (entry.weight.shape[0], exit.weight.shape[1])
        guard dimension > 2 * max(width, inner) else { return nil }
        let weight = parameters[entry.weight]
        let onPosition = weight.sliced(axis: 1, 0..<dimension)
        let onTime = weight.sliced(axis: 1, dimension..<weight.shape[1])
        let back = matmul(onPosition, parameters[exit.weight])
        let drift = matmul(exit.offsets(parameters).reshaped([1, -1]), onPosition, transposeB: true)
        return ReducedFlow(
            width: width + inner,
            start: { x in
                .concatenate([matmul(x, onPosition, transposeB: true), .zeros([x.shape[0], inner])], axis: -1)
            },
            velocity: { y, t in
                var evaluation = ForwardPass.evaluation()
                let atTime = linear(
                    embedding(parameters, .full([1, 1], t)), weight: onTime, bias: entry.offsets(parameters))
                let g = lastHidden(parameters, y.sliced(axis: 1, 0..<width) + atTime, &evaluation)
                return .concatenate([matmul(g, back, transposeB: true) + drift, g], axis: -1)
            },
            end: { x, y in
                x + linear(
                    y.sliced(axis: 1, width..<(width + inner)), weight: parameters[exit.weight],
                    bias: exit.offsets(parameters))
            },
            state: { x, y, t in
                x + linear(
                    y.sliced(axis: 1, width..<(width + inner)), weight: parameters[exit.weight],
                    bias: exit.offsets(parameters) * t)
            })
    }
}
