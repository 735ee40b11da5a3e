import Basics
import Foundation

/// What rank 0 says to another rank.
enum RankOrder: Codable, Equatable {
    /// Make the work of this name from the description that follows, and say `ready`.
    case begin(work: String, threads: Int?)
    /// Do these indices of it.
    case item(Range<Int>)
    /// There is nothing more to do of it.
    case done
    /// Make the work of this name from the description that follows, and join in it.
    case join(work: String, threads: Int?)
    /// The job is at its end.
    case leave
}

/// What another rank answers.
enum RankAnswer: Codable {
    /// The work has been made; an item, please.
    case ready
    /// The outcome of the item follows; the next one, please.
    case outcome
    /// An item, or the making of the work, has failed.
    case failed(RankFailure)
}

/// Words and the bytes that follow them, as one message: 8 bytes with the length of the words in JSON, the words, the
/// bytes.
struct RankParcel<Words: Codable> {
    let words: Words
    let bytes: [UInt8]

    init(_ words: Words, _ bytes: [UInt8] = []) { (self.words, self.bytes) = (words, bytes) }

    var message: [UInt8] {
        get throws {
            let json = try JSONEncoder().encode(words)
            return withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) } + Array(json) + bytes
        }
    }

    init(message: [UInt8]) throws {
        guard message.count >= 8 else { throw Self.refusal }
        let length = message.withUnsafeBytes { UInt64(littleEndian: $0.loadUnaligned(as: UInt64.self)) }
        guard length <= UInt64(message.count - 8) else { throw Self.refusal }
        let end = 8 + Int(length)
        words = try JSONDecoder().decode(Words.self, from: Data(message[8..<end]))
        bytes = Array(message[end...])
    }

    private static var refusal: DataError {
        DataError(
            .inputOutput, path: "MPI", expected: "a message of this program", found: "other bytes",
            hint: "start the same build of weightspace on every rank")
    }
}

/// An error on its way from one rank to another.
struct RankFailure: Codable, Error, Equatable {
    private let kind: Int
    private let path, expected, found, hint: String

    private static let kinds: [DataError.Kind] = [.malformed, .missing, .inputOutput, .configuration, .busy]

    init(_ error: any Error) {
        let error = error as? DataError ?? DataError(.inputOutput, path: "", problem: "\(error)")
        kind = Self.kinds.firstIndex(of: error.kind) ?? 0
        (path, expected, found, hint) = (error.path, error.expected, error.found, error.hint)
    }

    /// The error, in which it is said where it was; an interruption says only that.
    func error(rank: Int, at place: String) -> DataError {
        let kind = Self.kinds.indices.contains(kind) ? Self.kinds[kind] : .inputOutput
        let from = "rank \(rank), \(place)" + (path.isEmpty ? "" : ": \(path)")
        return DataError(kind, path: kind == .busy ? path : from, expected: expected, found: found, hint: hint)
    }
}

/// Tags of the messages of this room. Work that ranks do together takes its own from `RankTag.free` on.
package enum RankTag {
    /// Orders of rank 0.
    static let order = 1
    /// Answers to them.
    static let answer = 2
    /// The wish that a rank stops what it is doing.
    static let stop = 3
    /// What ranks say of themselves when they meet.
    static let greeting = 4
    /// The first one that nothing here uses.
    package static let free = 16
}
