@testable import Formats

/// Operations of pickles, to write hostile and unusual ones by hand.
enum PickleBytes {
    static let stop = Array(".".utf8)
    static let mark = Array("(".utf8)
    static let tuple = Array("t".utf8)
    static let reduce = Array("R".utf8)
    static let emptyList = Array("]".utf8)
    static let emptyDictionary = Array("}".utf8)
    static let setItem = Array("s".utf8)
    static let setItems = Array("u".utf8)
    static let append = Array("a".utf8)
    static let none = Array("N".utf8)

    static func global(_ module: String, _ name: String) -> [UInt8] { Array("c\(module)\n\(name)\n".utf8) }

    static func text(_ text: String) -> [UInt8] { Array("X".utf8) + little(text.utf8.count, 4) + text.utf8 }

    static func integer(_ value: Int) -> [UInt8] {
        [0x8A, 8] + little(value, 8)
    }

    static func tuple(_ items: [UInt8]...) -> [UInt8] { mark + items.flatMap { $0 } + tuple }

    static func call(_ module: String, _ name: String, _ arguments: [UInt8]...) -> [UInt8] {
        global(module, name) + mark + arguments.flatMap { $0 } + tuple + reduce
    }

    static func dictionary(_ entries: (String, [UInt8])...) -> [UInt8] {
        emptyDictionary + mark + entries.flatMap { text($0) + $1 } + setItems
    }

    static func put(_ place: Int) -> [UInt8] { Array("r".utf8) + little(place, 4) }

    static func get(_ place: Int) -> [UInt8] { Array("j".utf8) + little(place, 4) }

    static func storage(_ key: String, count: Int, type: String = "FloatStorage") -> [UInt8] {
        tuple(text("storage"), global("torch", type), text(key), text("cpu"), integer(count)) + Array("Q".utf8)
    }

    static func tensor(_ storage: [UInt8], offset: Int = 0, shape: [Int], strides: [Int]) -> [UInt8] {
        call(
            "torch._utils", "_rebuild_tensor_v2", storage, integer(offset), mark + shape.flatMap(integer) + tuple,
            mark + strides.flatMap(integer) + tuple, Array([0x89]), none)
    }

    static func little(_ value: Int, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }
}
