import Basics

extension TorchFile {
    /// Reads the pickle of a ZIP checkpoint, `<root>/data.pkl`, whatever its root is called.
    init(archive: ZipArchive) throws {
        let path = archive.file.path
        let suffix = "/data.pkl"
        let pickles = archive.entries.filter { entry in
            entry.name.hasSuffix(suffix) && entry.name.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 1
        }
        guard pickles.count == 1, let pickle = pickles.first else {
            throw DataError(
                .malformed, path: path, expected: "a PyTorch checkpoint: a ZIP archive with one <name>/data.pkl",
                found: "\(pickles.count) of \(archive.entries.count) entries")
        }
        let root = String(pickle.name.dropLast(suffix.count))
        guard archive["\(root)/constants.pkl"] == nil else {
            throw DataError(
                .malformed, path: path, expected: "a checkpoint of weights", found: "a TorchScript program",
                hint: "load it with torch.jit.load and save its state_dict()")
        }
        var input = PickleInput(bytes: try archive.read(pickle), path: "\(path), \(pickle.name)".printable())
        let graph = try Unpickler.read(&input)
        let bigEndian = try Self.isBigEndian(archive, root: root)
        self.init(path: path, graph: graph, records: .archive(archive, root: root, bigEndian: bigEndian))
    }

    private static func isBigEndian(_ archive: ZipArchive, root: String) throws -> Bool {
        guard let entry = archive["\(root)/byteorder"] else { return false }
        switch String(decoding: try archive.read(entry).prefix(16), as: UTF8.self) {
        case "little": return false
        case "big": return true
        case let other:
            throw DataError(
                .malformed, path: archive.file.path, expected: "byte order little or big", found: other.printable())
        }
    }
}
