import Basics

/// A source of which the tensors under one key alone are read: those whose names begin with it.
struct KeyedSource: ForeignSource {
    private let source: any ForeignSource
    private let key: String

    init(of source: any ForeignSource, key: String) {
        self.source = source
        self.key = key
    }

    var format: ZooFormat { source.format }
    var total: Int? { source.total }
    var longestRun: Int { source.longestRun }
    var notes: [String] { source.notes }

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        try source.forEach { try body($0.under(key)) }
    }
}

extension ForeignNetwork {
    /// The tensors whose names begin with a key, without it; throws `.missing` where there are none.
    func under(_ key: String) throws -> ForeignNetwork {
        for mark in [".", "/", "_"] {
            let prefix = key + mark
            var part = self
            part.tensors = tensors.filter { $0.name.hasPrefix(prefix) }
            guard !part.tensors.isEmpty else { continue }
            for index in part.tensors.indices { part.tensors[index].name.removeFirst(prefix.count) }
            part.beside = []
            return part
        }
        throw Self.noKey(key, among: tensors.map(\.name), at: place)
    }

    /// A complaint that nothing stands under a key.
    static func noKey(_ key: String, among names: [String], at place: String) -> DataError {
        var seen: Set<String> = []
        let keys = names.compactMap { name in
            name.firstIndex { $0 == "." || $0 == "/" }.map { String(name[..<$0]) } ?? name
        }.filter { seen.insert($0).inserted }
        return DataError(
            .missing, path: place, expected: "weights under the key \"\(key.printable())\"",
            found: keys.isEmpty ? "no keys" : keys.shownFirst(8), hint: "--key takes one of these, or is left out")
    }
}
