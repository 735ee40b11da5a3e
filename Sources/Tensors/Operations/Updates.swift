/// In-place updates of values that one owner holds: what optimizers and averages are made of. None has a derivative.
extension Tensor {
    /// One AdamW step on parameters and moments, fused into a single pass.
    ///
    /// p <- p - rate decay p; m <- b1 m + (1 - b1) g; v <- b2 v + (1 - b2) g^2;
    /// p <- p - rate / (1 - b1^k) m / (sqrt(v / (1 - b2^k)) + eps), k the step number from 1.
    ///
    /// All tensors have one shape and precision. Reference: Loshchilov & Hutter, Decoupled weight decay regularization,
    /// 2019, algorithm 2; order of operations as in PyTorch.
    public static func stepAdamW(
        _ parameters: inout Tensor, gradient: Tensor, firstMoment: inout Tensor, secondMoment: inout Tensor,
        step: Int, rate: Double, beta1: Double, beta2: Double, epsilon: Double, decay: Double
    ) {
        precondition(
            parameters.shape == gradient.shape && parameters.shape == firstMoment.shape
                && parameters.shape == secondMoment.shape && parameters.precision == gradient.precision,
            "AdamW: parameters \(parameters.shape), gradient \(gradient.shape), moments \(firstMoment.shape)")
        let scalars = AdamWStep(
            rate: rate, beta1: beta1, beta2: beta2, epsilon: epsilon, decay: decay,
            correction1: 1 - beta1.raised(to: step), correction2: 1 - beta2.raised(to: step))
        let dense = gradient.array.isContiguous ? gradient.array : backend.copy(gradient.array)
        func run<S: KernelScalar>(_: S.Type) {
            let g: UnsafeMutablePointer<S> = dense.pointer()
            parameters.mutate(as: S.self) { p in
                firstMoment.mutate(as: S.self) { m in
                    secondMoment.mutate(as: S.self) { v in
                        guard let p = p.baseAddress, let m = m.baseAddress, let v = v.baseAddress else { return }
                        CPUBackend.forChunks(dense.count) { start, length in
                            S.adamW(length, p + start, g + start, m + start, v + start, scalars)
                        }
                    }
                }
            }
        }
        withScalar(parameters.precision) { run($0) }
    }

    /// self <- (1 - weight) self + weight other, in place.
    public mutating func interpolate(toward other: Tensor, by weight: Double) {
        scale(by: 1 - weight, adding: other, times: weight)
    }

    /// self <- factor self + weight other, in place; traps unless both have one shape and precision.
    public mutating func scale(by factor: Double, adding other: Tensor, times weight: Double) {
        precondition(shape == other.shape && precision == other.precision, "scale, adding: \(shape) and \(other.shape)")
        let dense = other.array.isContiguous ? other.array : backend.copy(other.array)
        func run<S: KernelScalar>(_: S.Type) {
            let source: UnsafeMutablePointer<S> = dense.pointer()
            mutate(as: S.self) { target in
                guard let target = target.baseAddress else { return }
                CPUBackend.forChunks(dense.count) { start, length in
                    S.combine(length, S(factor), target + start, S(weight), source + start, target + start)
                }
            }
        }
        withScalar(precision) { run($0) }
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
