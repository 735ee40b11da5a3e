import Basics

/// One network of a checkpoint before its numbers are read.
struct TorchNetworkPlan: Sendable {
    /// A fact as the pickle has it.
    enum Fact: Sendable {
        case known(ColumnValue)
        /// A tensor of one number, which stands in a storage.
        case number(PickleTensor)
    }

    /// A tensor and its name.
    struct Named: Sendable {
        var name: String
        let tensor: PickleTensor
        /// What its norm adds to the variance, where the module says so.
        var epsilon: Double?
    }

    /// What modules that were saved whole compute.
    var stated: StatedLayers?
    /// Tensors in the order of the file, each name once.
    var tensors: [Named]
    /// Their neighbours in the dictionary, then what surrounds it; the first of equal names counts. Networks share it.
    var facts: [[String: Fact]] = []
    /// Names of tensors under other keys than that of the weights.
    var beside: [String] = []
    /// What a person should know of how it was chosen.
    var notes: [String] = []

    /// Whether both have tensors of the same names and shapes in the same order.
    func hasLayout(of other: TorchNetworkPlan) -> Bool {
        tensors.elementsEqual(other.tensors) { $0.name == $1.name && $0.tensor.shape == $1.tensor.shape }
    }

    /// The network without the prefixes that wrappers put before every name.
    func withoutWrappers() -> TorchNetworkPlan {
        var plan = self
        for (index, name) in TensorNames.withoutParallel(plan.tensors.map(\.name)).enumerated() {
            plan.tensors[index].name = name
        }
        return plan
    }

    /// The network with facts of its surroundings.
    func with(_ more: [String: Fact]) -> TorchNetworkPlan {
        var plan = self
        if !more.isEmpty { plan.facts.append(more) }
        return plan
    }
}

extension TorchNetworkPlan {
    /// Facts by name.
    var namedFacts: [String: Fact] {
        facts.reduce(into: [:]) { named, more in named.merge(more) { first, _ in first } }
    }

    /// The storages that its tensors and facts are views of, by their places.
    var storages: [PickleStorage.Place: PickleStorage] {
        var storages: [PickleStorage.Place: PickleStorage] = [:]
        for named in tensors { storages[named.tensor.storage.place] = named.tensor.storage }
        for case .number(let tensor) in facts.flatMap(\.values) { storages[tensor.storage.place] = tensor.storage }
        return storages
    }
}

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

    /// The elements of a view that is not contiguous, one after the other.
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
