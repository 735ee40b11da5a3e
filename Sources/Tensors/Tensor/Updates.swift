/// In-place updates of values that one owner holds: what optimizers and averages are made of. None has a derivative.
extension Tensor {
    /// self <- (1 - weight) self + weight other, in place.
    public mutating func interpolate(toward other: Tensor, by weight: Double) {
        scale(by: 1 - weight, adding: other, times: weight)
    }

    /// self <- factor self + weight other, in place; traps unless both have one shape and precision.
    public mutating func scale(by factor: Double, adding other: Tensor, times weight: Double) {
        precondition(shape == other.shape && precision == other.precision, "scale, adding: \(shape) and \(other.shape)")
        checkBackend(other, "scale, adding")
        makeUnique()
        backend.scale(array, by: factor, adding: other.array, times: weight)
    }

    /// One AdamW step on parameters and moments `[..., D]`, fused into a single pass.
    ///
    /// p <- p - rate decay p; m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2;
    /// p <- p - rate / (1 - b1^k) m / (sqrt(v / (1 - b2^k)) + eps), k the step number from 1.
    ///
    /// Parts of the gradient that are unformed products g' x are formed in registers and never stored, unless they sum
    /// over more than 512 rows: then a blocked product first is the faster way. All tensors have one shape and
    /// precision. Reference: Loshchilov & Hutter, Decoupled weight decay regularization, 2019, algorithm 2;
    /// order of operations as in PyTorch.
    public static func stepAdamW(
        _ parameters: inout Tensor, gradient: FlatGradient, firstMoment: inout Tensor, secondMoment: inout Tensor,
        step: Int, rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double
    ) {
        precondition(
            parameters.shape == gradient.shape && parameters.shape == firstMoment.shape
                && parameters.shape == secondMoment.shape && parameters.precision == gradient.precision
                && parameters.precision == firstMoment.precision && parameters.precision == secondMoment.precision,
            "AdamW: parameters \(parameters.shape), gradient \(gradient.shape), moments \(firstMoment.shape)")
        parameters.checkBackend(firstMoment, "AdamW")
        parameters.checkBackend(secondMoment, "AdamW")
        precondition(
            gradient.backend === parameters.backend,
            "AdamW: parameters on \(parameters.backend.name), gradient on \(gradient.backend.name)")
        parameters.makeUnique()
        firstMoment.makeUnique()
        secondMoment.makeUnique()
        parameters.backend.stepAdamW(
            parameters.array, firstMoment: firstMoment.array, secondMoment: secondMoment.array, along: gradient.arrays,
            AdamWStep(
                rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay,
                correction1: 1 - beta1.raised(to: step), correction2: 1 - beta2.raised(to: step)))
    }

    /// Makes this tensor the only holder of a contiguous block, which may then be written in place: values stay values.
    private mutating func makeUnique() {
        precondition(node == nil, "update: the tensor has a history")
        if !array.hasUniqueStorage() || !array.isContiguous { array = backend.copy(array) }
    }
}

extension StridedArray {
    /// Whether this view alone holds its block.
    fileprivate mutating func hasUniqueStorage() -> Bool {
        isKnownUniquelyReferenced(&storage)
    }
}

extension FlatGradient {
    /// The parts as a backend reads them.
    fileprivate var arrays: [SlotGradient] {
        zip(slots, parts).map { slot, part in
            switch part {
            case .dense(nil): SlotGradient(slot: slot, value: .zero)
            case .dense(let tensor?): SlotGradient(slot: slot, value: .dense(tensor.array))
            case .product(let g, let x): SlotGradient(slot: slot, value: .product(g: g.array, x: x.array))
            }
        }
    }
}

extension Double {
    /// self^exponent by repeated squaring: same bytes on every C library.
    fileprivate func raised(to exponent: Int) -> Double {
        var (result, base, rest) = (1.0, self, exponent)
        while rest > 0 {
            if rest & 1 == 1 { result *= base }
            base *= base
            rest >>= 1
        }
        return result
    }
}
