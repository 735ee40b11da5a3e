import Basics
import Foundation

/// What a zoo file holds, as `weightspace zoo inspect` shows it: a table (`description`) or JSON (`Codable`).
public struct ZooInspection: Codable, Equatable, Sendable {
    /// Whether the file's checksums agree with its networks.
    public enum Checksums: String, Codable, Sendable {
        /// The checksum of every network agrees with its bytes.
        case verified
        /// Some do not: see `damaged`.
        case damaged
        /// The file has none.
        case absent
    }

    /// A column of `/networks`.
    public struct Column: Codable, Equatable, Sendable {
        /// The name of the column, `test_accuracy`.
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
        /// The name of the slot, `layers.0.weight`.
        public let name: String
        /// Extents, one an axis.
        public let shape: [Int]
        /// Statistics over all elements of all networks; the deviation divides by their number.
        public let mean, deviation, minimum, maximum: Double?
        /// The magnitudes that the shares `magnitudeShares` of all elements do not exceed, to 1 % of themselves.
        public let magnitudes: [Double]?
    }

    /// The shares whose quantiles of |w| are given.
    public static let magnitudeShares = [0.05, 0.25, 0.5, 0.75, 0.95]

    /// The zoo file that was inspected.
    public let path: String
    /// Size of the file, or of all shards, in bytes.
    public let bytes: Int
    /// How many files the networks lie in; nil for a zoo file.
    public let shards: Int?
    /// The program that made it.
    public let createdWith: String
    /// The steps that led to the networks, where they are recorded.
    public let provenance: Provenance?
    /// The architecture as JSON text, or nil where only the layout is known.
    public let architecture: String?
    /// Name of the data set, where known.
    public let dataset: String?
    /// How many tasks of which kind, `1000 training, 56 new-combination`; nil for a zoo of one.
    public let tasks: String?
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
    /// SHA-256, in hexadecimal, of the digests of all networks as they stand in the file, as ``ZooInspection`` has it: from
    /// the file's checksums, which every read verifies, or without any from the networks.
    package func contentDigest() throws -> String {
        if let checksums { return SHA256.hex(checksums.withUnsafeBytes { SHA256.digest(of: $0) }) }
        let hasher = SHA256.Hasher()
        try scan(maximumBytes: 64 << 20) { block in block.digests.withUnsafeBytes { hasher.update($0) } }
        return SHA256.hex(hasher.finalize())
    }

    /// What provenance says of these networks where something is made from them.
    package func parent(_ what: String = "zoo") throws -> Provenance.Parent {
        Provenance.Parent(what, sha256: try contentDigest())
    }

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
            path: path, bytes: byteCount, shards: files.shardCount, createdWith: header.createdWith,
            provenance: header.provenance,
            architecture: try header.architecture.map { try ZooHeader.text($0) }, dataset: header.dataset?.name,
            tasks: header.tasks.map(ZooTask.summary(ofAttribute:)), count: count,
            parameters: header.layout.count, bufferElements: header.layout.bufferCount,
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

extension ZooInspection: CustomStringConvertible {
    /// Tables for a person: the file, its networks, the columns, the slots.
    public var description: String {
        let parts = ZooSplit.allCases.map { "\($0) \(splits["\($0)"] ?? 0)" }.joined(separator: ", ")
        let facts = [
            ["file", "\(path) (\(shards.map { "\($0) shards, " } ?? "")\(Self.size(bytes)))"],
            ["created with", createdWith.isEmpty ? "unknown" : createdWith],
            ["content", contentDigest],
            ["architecture", architecture ?? "unknown (layout only)"],
            tasks.map { ["tasks", $0] } ?? ["data set", dataset ?? "unknown"],
            ["networks", "\(count) (\(parts))"],
            ["parameters", "\(parameters)" + (bufferElements > 0 ? " and \(bufferElements) buffer elements" : "")],
            ["checkpoints", checkpoints.map { "up to \($0) a network" } ?? "none"],
            ["weights", "\(Self.number(minimum)) to \(Self.number(maximum))"],
            ["checksums", checksums.rawValue + Self.list(damaged)],
            ["not finite", nonFinite.isEmpty ? "none" : "\(nonFinite.count) networks" + Self.list(nonFinite)],
        ]
        let columnRows = columns.map {
            [$0.name, $0.kind, "\($0.missing)", Self.number($0.minimum), Self.number($0.mean), Self.number($0.maximum)]
        }
        let slotRows = slots.map {
            [
                $0.name, $0.shape.map(String.init).joined(separator: "x"), Self.number($0.mean),
                Self.number($0.deviation), Self.number($0.minimum), Self.number($0.maximum),
                Self.number($0.magnitudes.map { Self.rounded($0[2]) }),
            ]
        }
        var tables = [Self.table(facts, numbersFrom: 2)]
        if let steps = provenance?.steps, !steps.isEmpty {
            tables.append(Self.table(steps.enumerated().map { ["step \($0 + 1)", $1.text] }, numbersFrom: 2))
        }
        if !columns.isEmpty {
            tables.append(
                Self.table([["column", "kind", "missing", "min", "mean", "max"]] + columnRows, numbersFrom: 2))
        }
        let slotHead = ["slot", "shape", "mean", "sd", "min", "max", "median |w|"]
        tables.append(Self.table([slotHead] + slotRows, numbersFrom: 2))
        return tables.joined(separator: "\n\n")
    }

    /// Columns padded to their widest cell; those from `numbersFrom` on aligned to the right.
    static func table(_ rows: [[String]], numbersFrom: Int) -> String {
        let widths = (0..<(rows.map(\.count).max() ?? 0)).map { column in
            rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
        }
        return rows.map { row in
            var line = row.indices.map { column in
                let pad = String(repeating: " ", count: widths[column] - row[column].count)
                return column >= numbersFrom ? pad + row[column] : row[column] + pad
            }.joined(separator: "  ")
            while line.last == " " { line.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// Three significant digits: a sketch of magnitudes holds no more.
    private static func rounded(_ value: Double) -> Double {
        guard value != 0, value.isFinite else { return value }
        let unit = pow(10, log10(abs(value)).rounded(.down) - 2)
        return (value / unit).rounded() * unit
    }

    /// Five significant digits, without trailing zeros; a dash for no value.
    static func number(_ value: Double?) -> String {
        guard let value else { return "-" }
        if value == value.rounded(), abs(value) < 1e15 { return "\(Int(value))" }
        let magnitude = abs(value)
        guard magnitude >= 1e-4, magnitude < 1e9 else { return "\(Float(value))" }
        var (scale, digits) = (1.0, 0)
        while magnitude * scale < 1e4 && digits < 8 { (scale, digits) = (scale * 10, digits + 1) }
        let whole = Int((magnitude * scale).rounded())
        var text = "\(whole)"
        text = String(repeating: "0", count: max(0, digits + 1 - text.count)) + text
        if digits > 0 {
            text.insert(".", at: text.index(text.endIndex, offsetBy: -digits))
            while text.last == "0" { text.removeLast() }
            if text.last == "." { text.removeLast() }
        }
        return (value < 0 ? "-" : "") + text
    }

    private static func size(_ bytes: Int) -> String {
        var (value, unit) = (Double(bytes), 0)
        let units = ["bytes", "KiB", "MiB", "GiB", "TiB"]
        while value >= 1024 && unit < units.count - 1 { (value, unit) = (value / 1024, unit + 1) }
        return "\(number((value * 10).rounded() / 10)) \(units[unit])"
    }

    private static func list(_ networks: [Int]) -> String {
        guard !networks.isEmpty else { return "" }
        return ": " + networks.prefix(8).map(String.init).joined(separator: ", ") + (networks.count > 8 ? ", ..." : "")
    }
}
