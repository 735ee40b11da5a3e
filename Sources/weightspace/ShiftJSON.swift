import Basics
import Foundation

/// What the commands of shift detection print for programs: keys in one style, and numbers as they were in the files.
enum ShiftJSON {
    /// Keys as `log_evidence`, numbers of seven digits: values that were kept in single precision have no more.
    static func shown(_ tree: Tree) -> Tree {
        switch tree {
        case .map(let map):
            var renamed = Tree.Map()
            for key in map.keys { renamed[snake(key)] = map[key].map { shown($0) } }
            return .map(renamed)
        case .list(let values): return .list(values.map { shown($0) })
        case .number(let number): return .number(Double(String(format: "%.7g", number)) ?? number)
        case .null, .bool, .integer, .string: return tree
        }
    }

    /// A result as it is shown.
    static func shown(of value: some Encodable) throws -> Tree { shown(try Tree(encoding: value)) }

    private static func snake(_ key: String) -> String {
        key.reduce(into: "") { text, letter in
            if letter.isUppercase, text.last?.isLowercase == true { text += "_" }
            text += letter.lowercased()
        }
    }
}
