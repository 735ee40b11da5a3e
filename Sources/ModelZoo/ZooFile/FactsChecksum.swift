import Basics

/// The attribute `facts_checksum`: SHA-256, in hexadecimal, of all that `/checksums` does not cover but trajectories,
/// which have `/trajectory_checksums`.
///
/// The message is, in this order, each piece as UTF-8 ended by a zero byte: the root's attributes by name with their
/// text (absent ones are left out), the names of the datasets at the root, and of each column, by name, its name, its
/// kind and its values (eight bytes each, little-endian; text as above). Who changes facts with another tool removes
/// the attribute.
enum FactsChecksum {
    static let attribute = "facts_checksum"
    private static let attributes = ["architecture", "created_with", "dataset", "format", "layout", "tasks"]

    /// The checksum of a file whose columns are these.
    static func digest(_ file: borrowing HDF5File, columns: ZooColumns) throws -> String {
        let hasher = SHA256.Hasher()
        for name in attributes {
            guard let text = try file.text(attribute: name) else { continue }
            add(name, to: hasher)
            add(text, to: hasher)
        }
        for name in try file.children(of: "/").sorted(by: { $0.utf8.lexicographicallyPrecedes($1.utf8) }) {
            add(name, to: hasher)
        }
        for name in columns.names {
            guard let column = columns[name] else { continue }
            add(name, to: hasher)
            add(column.kind, to: hasher)
            add(column, to: hasher)
        }
        return SHA256.hex(hasher.finalize())
    }

    /// Throws `.malformed` where the file has the attribute and facts are not what it says.
    static func verify(_ file: borrowing HDF5File, columns: ZooColumns) throws {
        guard let stored = try file.text(attribute: attribute) else { return }
        guard try digest(file, columns: columns) == stored else {
            throw DataError(
                .malformed, path: file.path, expected: "attributes and columns as the attribute \(attribute) says",
                found: "others",
                hint: "the file is damaged; if you changed facts yourself, remove that attribute")
        }
    }

    private static func add(_ text: String, to hasher: SHA256.Hasher) {
        (Array(text.utf8) + [0]).withUnsafeBytes { hasher.update($0) }
    }

    private static func add(_ column: ZooColumn, to hasher: SHA256.Hasher) {
        switch column {
        case .real(let values): values.withUnsafeBytes { hasher.update($0) }
        case .integer(let values): values.withUnsafeBytes { hasher.update($0) }
        case .unsigned(let values): values.withUnsafeBytes { hasher.update($0) }
        case .text(let values): for value in values { add(value, to: hasher) }
        }
    }
}
