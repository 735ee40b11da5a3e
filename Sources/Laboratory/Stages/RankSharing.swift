import Basics
import Evaluation
import Foundation
import Ranks

/// The ranks of a job as processes that share work: rank r of R has items n r / R to n (r + 1) / R, rank 0 gathers what
/// all have found and hands it round.
///
/// What goes wrong in the same way on all of them, such as a file that is not there, is thrown by rank 0. What goes wrong on
/// one alone ends the job, since the others can no longer go on.
struct RankSharing: WorkSharing {
    private let communicator: any Communicator

    init(_ communicator: any Communicator) { self.communicator = communicator }

    /// What a rank sends to rank 0, by its first byte.
    private enum Mark {
        static let part: UInt8 = 0, end: UInt8 = 1, failure: UInt8 = 2
    }

    private static let tag = RankTag.free + 1

    var isAlone: Bool { communicator.size == 1 }

    func parts<Value: BitwiseCopyable>(
        of count: Int, _ measure: (Range<Int>) throws -> [Value]
    ) rethrows -> [(items: Range<Int>, values: [Value])] {
        let ranges = (0..<communicator.size).map {
            count * $0 / communicator.size..<count * ($0 + 1) / communicator.size
        }
        let own = try measure(ranges[communicator.rank]).withUnsafeBytes { Array($0) }
        return zip(ranges, exchanged(own)).map { (items: $0, values: values(of: $1)) }
    }

    /// Does rank 0's share of `body`, which the others do too (``follow(_:)``).
    func lead<Outcome>(_ body: (any WorkSharing) throws -> Outcome) throws -> Outcome {
        let result = Result { try body(self) }
        for rank in 1..<communicator.size {
            let mark = try communicator.receive(from: rank, tag: Self.tag).bytes.first
            if case .failure(let error) = result, mark != Mark.failure { end("\(error)", ExitStatus(error)) }
        }
        return try result.get()
    }

    /// Does another rank's share of `body`.
    func follow(_ body: (any WorkSharing) throws -> Void) throws {
        do {
            try body(self)
            try communicator.send([Mark.end], to: 0, tag: Self.tag)
        } catch {
            let status = UInt8(truncatingIfNeeded: ExitStatus(error).rawValue)
            try communicator.send([Mark.failure, status] + Array("\(error)".utf8), to: 0, tag: Self.tag)
        }
    }

    /// The bytes of all ranks, by rank.
    private func exchanged(_ own: [UInt8]) -> [[UInt8]] {
        do {
            guard let all = try communicator.gather([Mark.part] + own, tag: Self.tag) else {
                return try Self.split(communicator.broadcast([], from: 0))
            }
            for (rank, bytes) in all.enumerated() where bytes.first != Mark.part {
                let status = ExitStatus(rawValue: Int32(bytes.dropFirst().first ?? 0)) ?? .internalError
                end("rank \(rank): \(String(decoding: bytes.dropFirst(2), as: UTF8.self))", status)
            }
            let parts = all.map { Array($0.dropFirst()) }
            _ = try communicator.broadcast(Self.joined(parts), from: 0)
            return parts
        } catch {
            end("\(error)", ExitStatus(error))
        }
    }

    /// Ends the job.
    private func end(_ message: String, _ status: ExitStatus) -> Never {
        FileHandle.standardError.write(Data("weightspace: \(message)\n".printableLines.utf8))
        communicator.abort(status: status.rawValue)
    }

    /// Parts one after the other, each behind its length in eight bytes.
    private static func joined(_ parts: [[UInt8]]) -> [UInt8] {
        parts.flatMap { part in withUnsafeBytes(of: UInt64(part.count).littleEndian) { Array($0) } + part }
    }

    private static func split(_ bytes: [UInt8]) -> [[UInt8]] {
        var (parts, place) = ([[UInt8]](), 0)
        while place < bytes.count {
            let count = bytes.withUnsafeBytes {
                Int(UInt64(littleEndian: $0.loadUnaligned(fromByteOffset: place, as: UInt64.self)))
            }
            parts.append(Array(bytes[(place + 8)..<(place + 8 + count)]))
            place += 8 + count
        }
        return parts
    }

    private func values<Value: BitwiseCopyable>(of bytes: [UInt8]) -> [Value] {
        let count = bytes.count / MemoryLayout<Value>.stride
        return [Value](unsafeUninitializedCapacity: count) { target, initialized in
            bytes.withUnsafeBytes { UnsafeMutableRawBufferPointer(target).copyMemory(from: $0) }
            initialized = count
        }
    }
}
