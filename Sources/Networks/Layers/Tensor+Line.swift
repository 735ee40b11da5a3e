import Tensors

extension Tensor {
    /// Runs `body` on lines [..., L] as images [..., 1, L], and makes its results [..., 1, l] lines [..., l] again.
    func asImage(_ body: (Tensor) -> Tensor) -> Tensor {
        precondition(rank >= 1, "pool: shape \(shape)")
        let image = body(reshaped(Shape(shape.array.dropLast() + [1, shape[rank - 1]])))
        return image.reshaped(Shape(image.shape.array.dropLast(2) + [image.shape[image.rank - 1]]))
    }
}
