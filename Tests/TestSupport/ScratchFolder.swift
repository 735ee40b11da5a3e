import Basics
import Foundation
import Testing

/// A folder that is removed when the test ends.
public final class ScratchFolder {
    /// The folder.
    public let url: URL

    /// Makes an empty folder among the temporary files.
    public init() throws {
        url = FileManager.default.temporaryDirectory.appendingPathComponent("weightspace-test-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: url) }

    /// Where the file of that name is or would be.
    public func file(_ name: String) -> URL { url.appendingPathComponent(name) }

    /// The file's text.
    public func text(_ name: String) throws -> String { try String(contentsOf: file(name), encoding: .utf8) }

    /// Writes a file, with the folders above it.
    public func put(_ name: String, _ text: String) throws {
        let url = file(name)
        try FileManager.default.createDirectory(at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
        try Data(text.utf8).write(to: url)
    }

    /// The names in the folder, sorted.
    public var names: [String] { ((try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? []).sorted() }
}

/// The `DataError` that an expression throws.
public func requireDataError(_ body: () throws -> Void) throws -> DataError {
    try #require(#expect(throws: DataError.self) { try body() })
}

/// A small generator of repeatable choices (SplitMix64), for properties over many random values.
public struct RandomChoices: RandomNumberGenerator {
    /// The counter that every draw moves on.
    public var state: UInt64

    /// The next 64 bits.
    public mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    /// Up to eight characters, with those that formats quote or forbid.
    public mutating func text() -> String {
        let pool = Array("abeflnorstuy0159_-+./:#,&*!|>%@'\"\\ \t\n{}[]?~éß漢😀\u{1}\u{7F}\u{2028}")
        return String((0..<Int.random(in: 0...8, using: &self)).map { _ in pool.randomElement(using: &self) ?? "x" })
    }

    /// A value that is nested `depth` deep at most.
    public mutating func tree(_ depth: Int) -> Tree {
        switch Int.random(in: 0..<(depth > 0 ? 8 : 6), using: &self) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &self))
        case 2: return .integer(Int(truncatingIfNeeded: next() >> UInt64.random(in: 0..<64, using: &self)))
        case 3:
            let number = Double(bitPattern: next())
            return .number(number.isFinite ? number : -.infinity)
        case 4, 5: return .string(text())
        case 6: return .list((0..<Int.random(in: 0...4, using: &self)).map { _ in tree(depth - 1) })
        default:
            var map = Tree.Map()
            for _ in 0..<Int.random(in: 0...4, using: &self) { map["k" + text()] = tree(depth - 1) }
            return .map(map)
        }
    }

    /// Starts the sequence that belongs to `state`.
    public init(state: UInt64) { self.state = state }
}
