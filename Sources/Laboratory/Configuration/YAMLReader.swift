import Basics
import Yams

/// Reads YAML text that may be hostile: bounded in size and depth, without anchors, aliases, tags and repeated keys.
enum YAMLReader {
    static let maximumBytes = 1 << 20
    static let maximumDepth = 64

    /// Parses one document; throws `DataError` of kind configuration that names file, line and column.
    static func read(_ text: String, file: String) throws -> ConfigDocument {
        func refusal(_ mark: Mark?, _ expected: String, _ found: String, _ hint: String = "") -> DataError {
            let place = mark.map { "\(file):\($0.line):\($0.column)" } ?? file
            return DataError(.configuration, path: place, expected: expected, found: found, hint: hint)
        }
        guard text.utf8.count <= maximumBytes else {
            throw refusal(nil, "at most \(maximumBytes) bytes of YAML", "\(text.utf8.count) bytes")
        }
        // The parser expands aliases before it returns; a few cannot grow large, many could.
        guard aliasCount(text) <= 16 else {
            throw refusal(nil, "YAML without aliases", "more than 16 of them", "write the values out")
        }
        do {
            // The parser does not accept the byte order mark with which other systems begin a text.
            let scalars = text.unicodeScalars
            let parser = try Parser(yaml: scalars.first == "\u{FEFF}" ? String(scalars.dropFirst()) : text)
            // Nodes refer weakly to their anchors, which live as long as the parser.
            return try withExtendedLifetime(parser) {
                guard let root = try parser.singleRoot() else {
                    return ConfigDocument(file: file, tree: .null, origins: [:])
                }
                var walk = Walk(file: file, refusal: refusal)
                let tree = try walk.tree(root, path: "", depth: 0)
                return ConfigDocument(file: file, tree: tree, origins: walk.origins)
            }
        } catch let error as YamlError {
            throw problem(error, refusal)
        }
    }

    typealias Refusal = (_ mark: Mark?, _ expected: String, _ found: String, _ hint: String) -> DataError

    private static func problem(_ error: YamlError, _ refusal: Refusal) -> DataError {
        switch error {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return refusal(mark, "", Self.said(problem), "")
        case .duplicatedKeysInMapping(let keys, let context):
            return refusal(context.mark, "every key once", "\(keys.joined(separator: ", ")) given twice", "")
        case .reader(let problem, _, _, _): return refusal(nil, "", Self.said(problem), "")
        default: return refusal(nil, "", Self.said("\(error)"), "")
        }
    }

    /// The parser's own sentence, as a problem.
    private static func said(_ problem: String) -> String { "this is not valid YAML: \(problem)" }

    /// The number of places outside comments that look like an alias (`*name`).
    private static func aliasCount(_ text: String) -> Int {
        text.split(whereSeparator: \.isNewline).reduce(0) { count, line in
            if line.drop(while: { $0 == " " || $0 == "\t" }).hasPrefix("#") { return count }
            var before: UInt8 = 0
            return count
                + line.utf8.reduce(0) { found, byte in
                    defer { before = byte }
                    return found + (before == UInt8(ascii: "*") && byte > UInt8(ascii: " ") ? 1 : 0)
                }
        }
    }

    /// Turns nodes into a tree and remembers where they stand.
    private struct Walk {
        let file: String
        let refusal: Refusal
        var origins: [String: ConfigOrigin] = [:]

        mutating func tree(_ node: Node, path: String, depth: Int) throws -> Tree {
            guard node.anchor == nil else {
                throw refusal(node.mark, "YAML without anchors", "an anchor (&)", "write the value where it is used")
            }
            guard depth <= maximumDepth else {
                throw refusal(node.mark, "at most \(maximumDepth) levels", "more", "")
            }
            if let mark = node.mark { origins[path] = .file(file, line: mark.line, column: mark.column) }
            switch node {
            case .scalar(let scalar): return try value(scalar)
            case .sequence(let sequence):
                try refuseTag(sequence.tag, sequence.mark)
                return .list(try sequence.enumerated().map { try tree($1, path: "\(path)[\($0)]", depth: depth + 1) })
            case .mapping(let mapping):
                try refuseTag(mapping.tag, mapping.mark)
                return try section(mapping, path: path, depth: depth)
            case .alias(let alias): throw refusal(alias.mark, "YAML without aliases", "an alias (*)", "")
            }
        }

        private mutating func section(_ mapping: Node.Mapping, path: String, depth: Int) throws -> Tree {
            var map = Tree.Map()
            for (key, value) in mapping {
                guard key.anchor == nil, let name = key.scalar?.string, !name.isEmpty else {
                    throw refusal(key.mark, "a word as key", "something else", "")
                }
                let place = path.isEmpty ? name : "\(path).\(name)"
                map[name] = try tree(value, path: place, depth: depth + 1)
                if let mark = key.mark { origins[place] = .file(file, line: mark.line, column: mark.column) }
            }
            return .map(map)
        }

        private func value(_ scalar: Node.Scalar) throws -> Tree {
            guard scalar.style == .plain || scalar.style == .any else { return .string(scalar.string) }
            try refuseTag(scalar.tag, scalar.mark)
            return Tree.plainScalar(scalar.string)
        }

        private func refuseTag(_ tag: Tag, _ mark: Mark?) throws {
            guard tag.description.isEmpty else {
                throw refusal(mark, "YAML without tags", "the tag \(tag)", "quote a text, write numbers plainly")
            }
        }
    }
}
