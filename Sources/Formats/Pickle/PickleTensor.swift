/// A view of a storage: its numbers are read when they are asked for.
struct PickleTensor: Sendable, Hashable {
    let storage: PickleStorage
    let type: TorchNumberType
    /// Elements before the first one.
    let offset: Int
    let shape: [Int]
    /// Elements from one index to the next, one an axis, none negative.
    let strides: [Int]
    /// Number of elements.
    let count: Int

    /// A view; nil where extents are negative or too large, or where it reaches beyond its storage.
    init?(storage: PickleStorage, type: TorchNumberType, offset: Int, shape: [Int], strides: [Int]) {
        guard shape.count == strides.count, shape.count <= Self.maximumRank, offset >= 0 else { return nil }
        var (count, last) = (1, offset)
        for (extent, stride) in zip(shape, strides) {
            guard extent >= 0, stride >= 0 else { return nil }
            let (product, overflow) = count.multipliedReportingOverflow(by: max(extent, 1))
            let (reach, isFar) = stride.multipliedReportingOverflow(by: max(extent, 1) - 1)
            let (sum, isBeyond) = last.addingReportingOverflow(reach)
            guard !overflow, !isFar, !isBeyond else { return nil }
            (count, last) = (product, sum)
        }
        if shape.contains(0) {
            count = 0
        } else if last >= storage.byteCount / type.byteCount {
            return nil
        }
        guard !count.multipliedReportingOverflow(by: type.byteCount).overflow else { return nil }
        self.storage = storage
        self.type = type
        self.offset = offset
        self.shape = shape
        self.strides = strides
        self.count = count
    }

    /// Axes that PyTorch and NumPy allow at most.
    static let maximumRank = 64

    /// Bytes of its elements.
    var byteCount: Int { count * type.byteCount }

    /// Whether its elements follow each other in row-major order.
    var isContiguous: Bool {
        var expected = 1
        for (extent, stride) in zip(shape, strides).reversed() where extent != 1 {
            guard stride == expected else { return false }
            expected *= extent
        }
        return true
    }

    /// Strides of a row-major tensor, or of a column-major one; nil where they overflow.
    static func strides(of shape: [Int], columnMajor: Bool = false) -> [Int]? {
        var strides = [Int](repeating: 1, count: shape.count)
        var step = 1
        for axis in columnMajor ? Array(shape.indices) : shape.indices.reversed() {
            strides[axis] = step
            let (product, overflow) = step.multipliedReportingOverflow(by: max(shape[axis], 1))
            guard !overflow, shape[axis] >= 0 else { return nil }
            step = product
        }
        return strides
    }
}

/// A run of numbers that tensors are views of: a record beside the pickle, or bytes inside it.
struct PickleStorage: Sendable, Hashable {
    /// Where the numbers stand.
    enum Place: Sendable, Hashable {
        /// A record of the file, by its key.
        case record(String)
        /// A value of the pickle itself (NumPy's arrays), text or bytes.
        case inside(PickleReference)
    }

    let place: Place
    /// The type of its numbers, as the class of the storage or NumPy's dtype says.
    let type: TorchNumberType
    /// Bytes before its first number, where it is a part of a larger record.
    let byteOffset: Int
    /// Bytes it holds.
    let byteCount: Int
    /// Bytes of the whole record.
    let recordByteCount: Int
    /// Whether the most significant byte comes first; nil where the file as a whole says.
    let bigEndian: Bool?
}

/// A number type as PyTorch or NumPy name it, whether we can read it or not.
struct TorchNumberType: Sendable, Hashable {
    /// PyTorch's name of it, such as `float32`.
    let name: String
    /// Bytes of one element.
    let byteCount: Int
    /// What it is here; nil for types we do not read, such as `complex64`.
    let element: ForeignElement?

    init(_ element: ForeignElement) {
        name = element.rawValue
        byteCount = element.byteCount
        self.element = element
    }

    private init(unread name: String, _ byteCount: Int) {
        self.name = name
        self.byteCount = byteCount
        element = nil
    }

    /// The type of a storage's class, such as `FloatStorage`; nil for other names.
    init?(storageClass: String) {
        guard let type = Self.storageClasses[storageClass] else { return nil }
        self = type
    }

    /// The type that `torch.<name>` is; nil for other names.
    init?(dtype: String) {
        guard let type = ForeignElement(rawValue: dtype).map(Self.init) ?? Self.dtypes[dtype] else { return nil }
        self = type
    }

    /// The type of NumPy's short name without byte order, such as `f4`; nil for other names.
    init?(numpy: String) {
        guard let element = Self.numpyElements[numpy] else { return nil }
        self.init(element)
    }

    private static let storageClasses: [String: TorchNumberType] = [
        "DoubleStorage": .init(.float64), "FloatStorage": .init(.float32), "HalfStorage": .init(.float16),
        "BFloat16Storage": .init(.bfloat16), "LongStorage": .init(.int64), "IntStorage": .init(.int32),
        "ShortStorage": .init(.int16), "CharStorage": .init(.int8), "ByteStorage": .init(.uint8),
        "BoolStorage": .init(.bool), "UntypedStorage": .init(.uint8),
        "ComplexFloatStorage": .init(unread: "complex64", 8), "ComplexDoubleStorage": .init(unread: "complex128", 16),
        "QInt8Storage": .init(unread: "qint8", 1), "QUInt8Storage": .init(unread: "quint8", 1),
        "QInt32Storage": .init(unread: "qint32", 4),
    ]
    private static let dtypes: [String: TorchNumberType] = [
        "double": .init(.float64), "float": .init(.float32), "half": .init(.float16), "long": .init(.int64),
        "int": .init(.int32), "short": .init(.int16),
        "uint16": .init(unread: "uint16", 2), "uint32": .init(unread: "uint32", 4),
        "uint64": .init(unread: "uint64", 8), "complex32": .init(unread: "complex32", 4),
        "complex64": .init(unread: "complex64", 8), "complex128": .init(unread: "complex128", 16),
        "float8_e4m3fn": .init(unread: "float8_e4m3fn", 1), "float8_e5m2": .init(unread: "float8_e5m2", 1),
        "float8_e4m3fnuz": .init(unread: "float8_e4m3fnuz", 1), "float8_e5m2fnuz": .init(unread: "float8_e5m2fnuz", 1),
    ]
    private static let numpyElements: [String: ForeignElement] = [
        "f2": .float16, "f4": .float32, "f8": .float64, "i1": .int8, "u1": .uint8, "i2": .int16, "i4": .int32,
        "i8": .int64, "b1": .bool,
    ]
}

extension ForeignValues {
    /// The first element, exactly; traps where there is none or elements are not whole numbers.
    var firstInteger: Int128 {
        precondition(!element.isReal && count > 0, "ForeignValues: \(count) elements of \(element) have no integer")
        let first = bytes.prefix(element.byteCount)
        let isNegative = element != .uint8 && (bigEndian ? first.first : first.last).map { $0 >= 0x80 } == true
        let start: Int128 = isNegative ? -1 : 0
        return bigEndian
            ? first.reduce(start) { $0 << 8 | Int128($1) } : first.reversed().reduce(start) { $0 << 8 | Int128($1) }
    }
}
