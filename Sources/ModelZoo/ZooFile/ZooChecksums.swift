import Basics

/// The checksum of one network: SHA-256 of its float32 weights, then its buffers, little-endian.
enum ZooChecksum {
    /// The digest of one row of weights `[D]` and of buffers `[Bf]`.
    static func digest(
        _ weights: UnsafeBufferPointer<Float>, _ buffers: UnsafeBufferPointer<Float>?, with hasher: SHA256.Hasher
    ) -> [UInt8] {
        #if _endian(big)
            #error("checksums are defined over little-endian bytes")
        #endif
        hasher.update(UnsafeRawBufferPointer(weights))
        if let buffers { hasher.update(UnsafeRawBufferPointer(buffers)) }
        return hasher.finalize()
    }

    /// The digests of `count` rows, one after the other `[count, 32]`.
    static func digests(weights: [Float], buffers: [Float]?, count: Int) -> [UInt8] {
        let hasher = SHA256.Hasher()
        let width = count == 0 ? 0 : weights.count / count
        let bufferWidth = count == 0 ? 0 : (buffers?.count ?? 0) / count
        var all: [UInt8] = []
        all.reserveCapacity(count * SHA256.byteCount)
        weights.withUnsafeBufferPointer { weights in
            (buffers ?? []).withUnsafeBufferPointer { buffers in
                for row in 0..<count {
                    all += digest(
                        UnsafeBufferPointer(rebasing: weights[row * width..<(row + 1) * width]),
                        UnsafeBufferPointer(rebasing: buffers[row * bufferWidth..<(row + 1) * bufferWidth]),
                        with: hasher)
                }
            }
        }
        return all
    }

    /// The digest of one network's checkpoints: steps `[K]`, then weights `[K, D]`, then buffers `[K, Bf]`.
    static func digest(_ trajectory: ZooTrajectory) -> [UInt8] {
        let hasher = SHA256.Hasher()
        trajectory.steps.withUnsafeBytes { hasher.update($0) }
        trajectory.weights.withUnsafeBytes { hasher.update($0) }
        trajectory.buffers?.withUnsafeBytes { hasher.update($0) }
        return hasher.finalize()
    }
}

/// The attribute `facts_checksum`: SHA-256, in hexadecimal, of all that `/checksums` does not cover but trajectories,
/// which have `/trajectory_checksums`.
///
/// The message is, in this order, each piece as UTF-8 ended by a zero byte: the root's attributes by name with their
/// text (absent ones are left out), the names of the datasets at the root, and of each column, by name, its name, its
/// kind and its values (eight bytes each, little-endian; text as above). Who changes facts with another tool removes
/// the attribute.
enum ColumnsChecksum {
    static let attribute = "facts_checksum"
    private static let attributes = [
        "architecture", "created_with", "dataset", "format", "layout", "names", "provenance", "tasks",
    ]

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

    /// The attribute, nil where the file has none; throws `.malformed` where facts are not what it says.
    static func verify(_ file: borrowing HDF5File, columns: ZooColumns) throws -> String? {
        guard let stored = try file.text(attribute: attribute) else { return nil }
        guard try digest(file, columns: columns) == stored else {
            throw DataError(
                .malformed, path: file.path,
                problem: "its attributes and columns are not what the attribute \(attribute) says",
                hint: "the file is damaged; if you changed facts yourself, remove that attribute")
        }
        return stored
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
