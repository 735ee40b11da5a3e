import Basics
import CHDF5

/// One open identifier of libhdf5, closed when the value's life ends.
struct HDF5Handle: ~Copyable, Sendable {
    /// What the identifier names, which decides how it is closed.
    enum Kind: Sendable { case file, object, dataset, space, type, properties, attribute }

    let id: hid_t
    private let kind: Kind

    /// Takes the identifier that `open` returns; throws the library's reason where it is negative.
    init(
        _ kind: Kind, _ failure: DataError.Kind = .malformed, at place: String, expected: String,
        _ open: () -> hid_t
    ) throws {
        id = try HDF5Library.locked {
            try HDF5Library.check(open(), failure, at: place, expected)
        }
        self.kind = kind
    }

    deinit {
        let (id, kind) = (id, kind)
        _ = HDF5Library.locked { Self.close(id, kind) }
    }

    /// Closes now and throws the library's reason where closing fails (a file's last bytes are written then).
    package consuming func close(at place: String) throws {
        let (id, kind) = (id, kind)
        discard self
        try HDF5Library.locked {
            _ = try HDF5Library.check(Self.close(id, kind), .inputOutput, at: place, "a complete write")
        }
    }

    private static func close(_ id: hid_t, _ kind: Kind) -> herr_t {
        switch kind {
        case .file: H5Fclose(id)
        case .object: H5Oclose(id)
        case .dataset: H5Dclose(id)
        case .space: H5Sclose(id)
        case .type: H5Tclose(id)
        case .properties: H5Pclose(id)
        case .attribute: H5Aclose(id)
        }
    }
}

extension HDF5Handle {
    /// A new property list of a class.
    static func properties(_ kind: @autoclosure () -> hid_t, at place: String) throws -> HDF5Handle {
        try HDF5Library.locked {
            try HDF5Handle(.properties, .inputOutput, at: place, expected: "a property list") { H5Pcreate(kind()) }
        }
    }
}
