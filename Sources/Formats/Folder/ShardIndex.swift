import Basics

/// An index of shards, `model.safetensors.index.json`: which file of its folder holds which tensor.
struct ShardIndex: Sendable {
    /// The index itself.
    let path: String
    /// The file that the shards stand for, `model.safetensors`.
    let whole: String
    /// The shards' files, in the natural order of their names.
    let shards: [String]
    private let tensors: Set<String>

    static let suffix = ".index.json"
    private static let mostBytes = 1 << 28

    private struct Content: Decodable {
        let weight_map: [String: String]?
    }

    /// Reads an index; nil where the name is not of one, or no file is named in it. Throws `.malformed` where a file is
    /// named that is not of its folder, `.missing` where one is not there.
    init?(_ path: String) throws {
        guard path.hasSuffix(Self.suffix) else { return nil }
        let file = try RegularFile(path: path)
        guard file.count <= Self.mostBytes else {
            throw DataError(
                .malformed, path: path, expected: "an index of at most \(Self.mostBytes >> 20) MiB",
                found: "\(file.count) bytes")
        }
        let map: [String: String]
        do {
            map = try ForeignJSON.decode(Content.self, from: try file.read(0..<file.count)).weight_map ?? [:]
        } catch let error as DecodingError {
            throw DataError(
                .malformed, path: path, expected: "an index of shards in JSON (weight_map)", found: error.reason)
        }
        guard !map.isEmpty else { return nil }
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let names = Set(map.values).sorted(by: NaturalOrder.precedes)
        for name in names {
            guard !name.isEmpty, !name.contains("/"), name != "..", name != "." else {
                throw DataError(
                    .malformed, path: path, expected: "names of files of its own folder", found: name.printable())
            }
            guard (try? RegularFile(path: folder + name)) != nil else {
                throw DataError(
                    .missing, path: path, expected: "all \(names.count) shards that it names",
                    found: "no file \(name.printable())", hint: "get that file too")
            }
        }
        self.path = path
        whole = String(path.dropLast(Self.suffix.count))
        shards = names.map { folder + $0 }
        tensors = Set(map.keys)
    }

    /// Reads an index in a folder: one whose shards are not there says nothing where the whole file is.
    init?(beside path: String) throws {
        do {
            guard let index = try ShardIndex(path) else { return nil }
            self = index
        } catch let error as DataError where error.kind == .missing {
            guard (try? RegularFile(path: String(path.dropLast(Self.suffix.count)))) != nil else { throw error }
            return nil
        }
    }

    /// Throws `.malformed` where shards do not hold a tensor that the index names.
    func check(_ network: ForeignNetwork) throws {
        let missing = tensors.subtracting(network.tensors.map(\.name))
        guard let first = missing.min(by: NaturalOrder.precedes) else { return }
        let more = missing.count > 1 ? " and \(missing.count - 1) more" : ""
        throw DataError(
            .malformed, path: path, expected: "all \(tensors.count) tensors that it names",
            found: "no \(first.printable())\(more) in its shards",
            hint: "the shards are of another network, or incomplete")
    }
}
