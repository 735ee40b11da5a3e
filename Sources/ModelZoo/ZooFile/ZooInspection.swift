/// What a zoo file holds, as `weightspace zoo inspect` shows it: a table (`description`) or JSON (`Codable`).
public struct ZooInspection: Codable, Equatable, Sendable {
    /// Whether the file's checksums agree with its networks.
    public enum Checksums: String, Codable, Sendable {
        /// All agree.
        case verified
        /// Some do not: see `damaged`.
        case damaged
        /// The file has none.
        case absent
    }

    /// A column of `/networks`.
    public struct Column: Codable, Equatable, Sendable {
        /// Name, `test_accuracy`.
        public let name: String
        /// `real`, `integer`, `unsigned` or `text`.
        public let kind: String
        /// Number of networks without a value.
        public let missing: Int
        /// Least, mean and greatest value; nil for text, or where all are missing.
        public let minimum, mean, maximum: Double?
    }

    /// A slot of the layout with its statistics over all sound networks; nil where there is none.
    public struct SlotStatistics: Codable, Equatable, Sendable {
        /// Name, `layers.0.weight`.
        public let name: String
        /// Extents.
        public let shape: [Int]
        /// Statistics over all elements of all networks; the deviation divides by their number.
        public let mean, deviation, minimum, maximum: Double?
        /// The magnitudes that the shares `magnitudeShares` of all elements do not exceed, to 1 % of themselves.
        public let magnitudes: [Double]?
    }

    /// The shares whose quantiles of |w| are given.
    public static let magnitudeShares = [0.05, 0.25, 0.5, 0.75, 0.95]

    /// The file's path.
    public let path: String
    /// Size of the file in bytes.
    public let bytes: Int
    /// The program that made it.
    public let createdWith: String
    /// The architecture as JSON text, or nil where only the layout is known.
    public let architecture: String?
    /// Name of the data set, where known.
    public let dataset: String?
    /// N, the number of networks.
    public let count: Int
    /// D, the number of weights of a network.
    public let parameters: Int
    /// Bf, the number of buffer elements of a network.
    public let bufferElements: Int
    /// K, places for checkpoints; nil without trajectories.
    public let checkpoints: Int?
    /// Number of networks by split: `train`, `validation`, `test`.
    public let splits: [String: Int]
    /// The columns, by name.
    public let columns: [Column]
    /// The slots, in flattening order.
    public let slots: [SlotStatistics]
    /// Least and greatest finite weight.
    public let minimum, maximum: Double?
    /// State of the checksums.
    public let checksums: Checksums
    /// Networks whose bytes are not those their checksums were made of.
    public let damaged: [Int]
    /// Networks with weights or buffers that are not finite.
    public let nonFinite: [Int]
    /// SHA-256, in hexadecimal, of the SHA-256 digests of all networks as they stand in the file: files with equal ones
    /// hold equal networks in the same order.
    public let contentDigest: String

    /// Whether every network can be used.
    public var isSound: Bool { damaged.isEmpty && nonFinite.isEmpty }
}

extension ZooReader {
    /// Reads all networks in blocks of at most `maximumBytes` and describes them.
    ///
    /// Damaged and non-finite networks are listed, not thrown, and left out of the statistics; throws where the file
    /// itself cannot be read.
    public func inspect(maximumBytes: Int = 64 << 20) throws -> ZooInspection {
        var accounts = header.layout.slots.map { _ in SlotAccount() }
        var (damaged, nonFinite) = ([Int](), [Int]())
        let hasher = SHA256.Hasher()
        try scan(maximumBytes: maximumBytes) { block in
            block.digests.withUnsafeBytes { hasher.update($0) }
            damaged += block.damaged.sorted()
            nonFinite += block.nonFinite.sorted()
            for network in block.rows where block.isSound(network) {
                let row = block.row(network)
                for (index, slot) in header.layout.slots.enumerated() {
                    let start = row.startIndex + slot.offset
                    accounts[index].add(row[start..<start + slot.count])
                }
            }
        }
        let slots = zip(header.layout.slots, accounts).map { $1.statistics(name: $0.name, shape: $0.shape) }
        return try inspection(
            slots, damaged: damaged, nonFinite: nonFinite, contentDigest: SHA256.hex(hasher.finalize()))
    }

    private func inspection(
        _ slots: [ZooInspection.SlotStatistics], damaged: [Int], nonFinite: [Int], contentDigest: String
    ) throws -> ZooInspection {
        ZooInspection(
            path: path, bytes: file.byteCount, createdWith: header.createdWith,
            architecture: try header.architecture.map { try ZooHeader.text($0) }, dataset: header.dataset?.name,
            count: count, parameters: header.layout.count, bufferElements: header.layout.bufferCount,
            checkpoints: checkpoints,
            splits: Dictionary(uniqueKeysWithValues: ZooSplit.allCases.map { ("\($0)", rows(in: $0).count) }),
            columns: columns.names.compactMap { name in columns[name].map { Self.describe($0, name) } },
            slots: slots, minimum: slots.compactMap(\.minimum).min(), maximum: slots.compactMap(\.maximum).max(),
            checksums: !hasChecksums ? .absent : damaged.isEmpty ? .verified : .damaged, damaged: damaged,
            nonFinite: nonFinite, contentDigest: contentDigest)
    }

    private static func describe(_ column: ZooColumn, _ name: String) -> ZooInspection.Column {
        guard let numbers = column.numbers else {
            let missing = if case .text(let values) = column { values.count { $0.isEmpty } } else { 0 }
            return .init(name: name, kind: column.kind, missing: missing, minimum: nil, mean: nil, maximum: nil)
        }
        let known = numbers.filter(\.isFinite)
        return .init(
            name: name, kind: column.kind, missing: numbers.count - known.count, minimum: known.min(),
            mean: known.isEmpty ? nil : known.reduce(0, +) / Double(known.count), maximum: known.max())
    }
}
