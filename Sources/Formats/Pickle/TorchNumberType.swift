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
