import Basics

/// Reads the numbers of a checkpoint's tensors. A storage is read once and kept until nothing needs it any more.
struct TorchTensorReader {
    private let file: TorchFile
    /// Records that were read.
    private var held: [PickleStorage.Place: [UInt8]] = [:]

    init(file: TorchFile) { self.file = file }

    /// The tensor's numbers, row-major; contiguous ones share their storage's bytes.
    ///
    /// Throws `.malformed` for a number type that we do not read, or a storage that is missing or of another size.
    mutating func values(of tensor: PickleTensor, name: String) throws -> ForeignValues {
        guard let element = tensor.type.element else {
            throw DataError(
                .malformed, path: "\(file.path), \(name.printable())",
                expected: "numbers of \(ForeignElement.allCases.map(\.rawValue).joined(separator: ", "))",
                found: tensor.type.name, hint: "convert it with PyTorch and save it again")
        }
        let storage = tensor.storage
        let bytes = try record(of: storage)[storage.byteOffset..<(storage.byteOffset + storage.byteCount)]
        let bigEndian = storage.bigEndian ?? file.isBigEndian
        guard tensor.isContiguous || tensor.count == 0 else {
            return ForeignValues(bytes: Self.gathered(tensor, bytes), element: element, bigEndian: bigEndian)
        }
        let start = tensor.count == 0 ? bytes.startIndex : bytes.startIndex + tensor.offset * element.byteCount
        return ForeignValues(
            bytes: bytes[start..<(start + tensor.byteCount)], element: element, bigEndian: bigEndian)
    }

    /// Lets go of storages.
    mutating func release(_ storages: some Sequence<PickleStorage.Place>) {
        for place in storages { held[place] = nil }
    }

    private mutating func record(of storage: PickleStorage) throws -> [UInt8] {
        if let bytes = held[storage.place] { return bytes }
        let bytes = try file.record(of: storage)
        held[storage.place] = bytes
        return bytes
    }

    /// The elements of a view that is not contiguous, one behind the other.
    private static func gathered(_ tensor: PickleTensor, _ bytes: ArraySlice<UInt8>) -> [UInt8] {
        let width = tensor.type.byteCount
        var result: [UInt8] = []
        result.reserveCapacity(tensor.byteCount)
        var index = [Int](repeating: 0, count: tensor.shape.count)
        var place = tensor.offset
        for _ in 0..<tensor.count {
            let start = bytes.startIndex + place * width
            result += bytes[start..<(start + width)]
            // The next index, the last axis fastest.
            var axis = index.count - 1
            while axis >= 0 {
                index[axis] += 1
                place += tensor.strides[axis]
                if index[axis] < tensor.shape[axis] { break }
                place -= tensor.strides[axis] * tensor.shape[axis]
                index[axis] = 0
                axis -= 1
            }
        }
        return result
    }
}
