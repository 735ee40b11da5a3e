import Basics
import Foundation
import Networks

/// A folder of zoo files whose networks differ in architecture or data: `index.json` says what stands in it.
public struct ZooFolder: Codable, Sendable, Equatable {
    /// The value of `format`.
    public static let format = ShardedZoo.formatOfSeveral
    /// The name of the file that says what stands in the folder.
    public static let indexName = ShardedZoo.indexName

    /// What the index says of one zoo file.
    public struct Entry: Codable, Sendable, Equatable {
        /// Its name in the folder.
        public let file: String
        /// The architecture that all its networks share.
        public let architecture: Architecture
        /// Name of the data set; nil for zoos of many tasks.
        public let dataset: String?
        /// How many networks the file holds.
        public let networks: Int
        /// D, the number of weights of a network.
        public let parameters: Int
        /// What tells this file's networks from the others', by the name of the column that holds it too.
        public let settings: [String: String]
        /// SHA-256 of the file.
        public let sha256: String
    }

    /// What marks the file as such an index, `weightspace-zoos`.
    public let format: String
    /// The version of the index, 1.
    public let version: Int
    /// The files, in order of the grid that made them.
    public let zoos: [Entry]

    /// Reads the index of a folder; throws `DataError`: missing where there is none, malformed where it is another file.
    public init(contentsOf folder: URL) throws {
        let path = folder.appendingPathComponent(Self.indexName)
        guard let data = try? Data(contentsOf: path) else {
            throw DataError(.missing, path: path.path, expected: "the index of a folder of zoos", found: "none")
        }
        let index = try? JSONDecoder().decode(ZooFolder.self, from: data)
        guard let index, index.format == Self.format, index.version == 1,
            index.zoos.allSatisfy({ ShardedZoo.isName($0.file) })
        else {
            throw DataError(
                .malformed, path: path.path, expected: "{\"format\":\"\(Self.format)\",\"version\":1,\"zoos\":[...]}",
                found: "something else")
        }
        self = index
    }

    private init(zoos: [Entry]) {
        format = Self.format
        version = 1
        self.zoos = zoos
    }

    /// Whether a folder holds zoos that this program wrote.
    public static func isOne(_ folder: URL) -> Bool { (try? ZooFolder(contentsOf: folder)) != nil }

    /// Writes all zoos of a training with their index into a folder that is there and empty; throws as `ZooWriter` does.
    public static func write(_ trained: TrainedZoos, to folder: URL) throws {
        let parts = trained.training.parts
        let settings = trained.training.settingsOfParts
        let names = names(settings)
        let entries = try zip(parts, settings).enumerated().map { index, part in
            let file = names[index]
            let path = folder.appendingPathComponent(file).path
            try trained.write(index, to: path)
            return Entry(
                file: file, architecture: part.0.arms[0].recipe.architecture, dataset: part.0.header.dataset?.name,
                networks: part.0.groups.reduce(0) { $0 + $1.members.count }, parameters: part.0.header.layout.count,
                settings: Dictionary(uniqueKeysWithValues: part.1.map { ($0.name, $0.value) }),
                sha256: try SHA256.hexDigest(ofFile: path))
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
        let text = try encoder.encode(ZooFolder(zoos: entries)) + Data("\n".utf8)
        try WholeFile.write(text, to: folder.appendingPathComponent(indexName))
    }

    /// `widths-64x8x10_name-digits.h5`; a number where that says nothing, or the same of two files.
    private static func names(_ settings: [[Setting]]) -> [String] {
        let stems = settings.map { own in
            String(
                own.map { "\($0.name)-\($0.value)" }.joined(separator: "_")
                    .map { $0.isASCII && ($0.isLetter || $0.isNumber || "_+.-".contains($0)) ? $0 : "-" })
        }
        return stems.enumerated().map { index, stem in
            let isOne = !stem.isEmpty && stems.count { $0 == stem } == 1
            return (isOne && stem.count <= 120 ? stem : "zoo-\(index)") + ".h5"
        }
    }

    /// A setting of a file's networks.
    struct Setting: Equatable {
        let name: String
        let value: String
    }
}

extension ZooTraining {
    /// The settings that all networks of a file share, but not the networks of all files; for each file.
    var settingsOfParts: [[ZooFolder.Setting]] {
        let names = parts[0].arms[0].facts.names
        func values(_ name: String, _ part: Part) -> [String] {
            part.arms.reduce(into: []) { found, arm in
                let value = arm.facts[name]?.text(0) ?? ""
                if !found.contains(value) { found.append(value) }
            }
        }
        let telling = names.filter { name in
            let all = parts.map { values(name, $0) }
            return all.allSatisfy { $0.count == 1 } && Set(all).count > 1
        }
        return parts.map { part in telling.map { .init(name: $0, value: values($0, part)[0]) } }
    }
}

extension ZooColumn {
    /// One value as text.
    func text(_ row: Int) -> String {
        switch self {
        case .real(let values): "\(values[row])"
        case .integer(let values): "\(values[row])"
        case .unsigned(let values): "\(values[row])"
        case .text(let values): values[row]
        }
    }
}
