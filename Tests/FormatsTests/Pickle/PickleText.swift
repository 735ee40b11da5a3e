import ZooTestSupport

@testable import Formats
@testable import ModelZoo

/// What a pickle describes, written much as Python would; a container inside itself is `...`.
func pickleText(_ graph: PickleGraph) -> String {
    func text(_ reference: PickleReference, _ open: Set<PickleReference>) -> String {
        guard !open.contains(reference) else { return "..." }
        let inside = open.union([reference])
        func list(_ items: [PickleReference]) -> String { items.map { text($0, inside) }.joined(separator: ", ") }
        func pairs(_ entries: [PickleEntry]) -> String {
            entries.map { "\(text($0.key, inside)): \(text($0.value, inside))" }.joined(separator: ", ")
        }
        switch graph[reference] {
        case .none: return "None"
        case .bool(let value): return value ? "True" : "False"
        case .integer(let value): return "\(value)"
        case .hugeInteger: return "huge"
        case .real(let value): return "\(value)"
        case .text(let value):
            let escaped = value.split(separator: "\\", omittingEmptySubsequences: false).joined(separator: "\\\\")
            return "\"\(escaped.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\\n"))\""
        case .bytes(let value): return "b\(value)"
        case .list(let items): return "[\(list(items))]"
        case .tuple(let items): return "(\(list(items)))"
        case .set(let items): return "{\(list(items))}"
        case .dictionary(let entries): return "{\(pairs(entries))}"
        case .global(let global): return global.qualifiedName
        case .object(let object):
            let state = object.state.map { text($0, inside) } ?? ""
            return "<\(object.global.qualifiedName)\(text(object.arguments, inside))\(state)\(pairs(object.entries))>"
        case .storage(let storage): return "storage \(storage.place) \(storage.type.name)"
        case .tensor(let tensor): return "\(tensor.type.name)\(tensor.shape)"
        }
    }
    return text(graph.root, [])
}

/// Reads one pickle that is in memory.
func unpickle(_ bytes: [UInt8], limits: PickleLimits = PickleLimits()) throws -> PickleGraph {
    var input = PickleInput(bytes: bytes, path: "pickle")
    return try Unpickler.read(&input, limits: limits)
}
