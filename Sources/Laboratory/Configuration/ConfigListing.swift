import Basics
import Foundation

/// A resolved configuration for a person: YAML that can be run again, with the origin of each value and the sentence of
/// each key as a comment.
struct ConfigListing {
    let schema: ConfigSchema
    let tree: Tree
    /// Where values were written; those of other paths are defaults, or follow other keys.
    let origins: [String: ConfigOrigin]

    /// One key of the tree.
    struct Entry: Encodable, Equatable {
        let path: String
        let value: Tree
        let origin: String
        let meaning: String
    }

    /// Files are named from the current folder where they stand in it.
    private static var here: String { FileManager.default.currentDirectoryPath + "/" }

    /// A line of YAML a key, sections indented.
    var text: String {
        var text = ""
        write(tree, path: "", indent: "", to: &text)
        return text
    }

    /// All keys in the order of the tree.
    var entries: [Entry] {
        tree.leaves.map { leaf in
            Entry(path: leaf.path, value: leaf.value, origin: origin(leaf.path), meaning: meaning(leaf.path))
        }
    }

    private func write(_ section: Tree, path: String, indent: String, to text: inout String) {
        guard let map = section.map else { return }
        for key in map.keys {
            let own = path.isEmpty ? key : "\(path).\(key)", value = map[key] ?? .null
            if let inner = value.map, !inner.keys.isEmpty {
                text += "\(indent)\(key):\n"
                write(value, path: own, indent: indent + "  ", to: &text)
            } else {
                let line = "\(indent)\(key): \(value.inlineYAML)"
                let comment = [origin(own), meaning(own)].filter { !$0.isEmpty }.joined(separator: ": ")
                text += line + String(repeating: " ", count: max(2, 40 - line.count)) + "# \(comment)\n"
            }
        }
    }

    private func origin(_ path: String) -> String {
        if let origin = origins[path] { return origin.description.trimmingPrefix(Self.here).description }
        return schema.standard(of: path, in: tree) == tree[path] ? "default" : "follows other keys"
    }

    /// What a key means; of `kind` only the chosen one's sentence.
    private func meaning(_ path: String) -> String { schema.meaning(of: path, in: tree) ?? "" }
}
