/// In-place updates of values that one owner holds: what optimizers and averages are made of. None has a derivative.
extension Tensor {
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
        withExtendedLifetime(dense.storage) { withScalar(precision) { run($0) } }
    }
}
