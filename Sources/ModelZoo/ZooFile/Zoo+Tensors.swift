import Tensors

extension Zoo {
    /// The weights of the given networks, [rows, D]; of all without rows.
    public func population(_ rows: [Int]? = nil) -> Tensor {
        let chosen = rows.map { select(rows: $0).weights } ?? weights
        return Tensor(chosen, shape: [chosen.count / layout.count, layout.count])
    }

    /// The buffers of the given networks, [rows, bufferCount], where they are known; of all without rows.
    public func bufferTensor(_ rows: [Int]? = nil) -> Tensor? {
        guard layout.bufferCount > 0, let chosen = rows.map({ select(rows: $0).buffers }) ?? buffers else { return nil }
        return Tensor(chosen, shape: [chosen.count / layout.bufferCount, layout.bufferCount])
    }
}
