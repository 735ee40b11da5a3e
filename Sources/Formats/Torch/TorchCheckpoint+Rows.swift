import Basics

extension TorchCheckpoint {
    /// The matrix of real numbers that a checkpoint is (`torch.save(weights)`); nil where it holds anything else.
    static func matrix(of file: TorchFile) -> PickleTensor? {
        guard case .tensor(let tensor) = file.graph[file.graph.root], tensor.shape.count == 2,
            tensor.type.element?.isReal == true
        else { return nil }
        return tensor
    }

    /// Calls `body` with every row of such a matrix as a vector without names, as those of a `.npy` file are read.
    ///
    /// Throws `.malformed` where rows are empty, or beyond what the file's bytes justify.
    static func forEachRow(
        of matrix: PickleTensor, in file: TorchFile, _ body: (ForeignNetwork) throws -> Void
    ) throws {
        let name = "tensor"
        guard matrix.shape[1] > 0 else {
            throw DataError(
                .malformed, path: file.path, expected: "networks with parameters", found: "rows of 0 numbers")
        }
        try TorchBudget.check([TorchNetworkPlan(tensors: [.init(name: name, tensor: matrix)])], in: file)
        var reader = TorchTensorReader(file: file)
        let values = try reader.values(of: matrix, name: name)
        let width = matrix.shape[1] * values.element.byteCount
        for row in 0..<matrix.shape[0] {
            let start = values.bytes.startIndex + row * width
            let numbers = ForeignValues(
                bytes: values.bytes[start..<start + width], element: values.element, bigEndian: values.bigEndian)
            let vector = ForeignTensor(name: name, shape: [matrix.shape[1]], values: numbers)
            try body(ForeignNetwork(tensors: [vector], place: "\(file.path):\(row)"))
        }
    }
}
