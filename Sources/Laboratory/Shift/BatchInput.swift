import Basics
import Foundation

/// Batches of rows from a pipe: a header once, then rows; an empty line, or the end, ends a batch.
struct BatchInput {
    private let descriptor: Int32
    private var pending: [UInt8] = []
    private var header: [UInt8]?
    private var hasEnded = false

    /// Reads a file descriptor, standard input by default.
    init(descriptor: Int32 = STDIN_FILENO) { self.descriptor = descriptor }

    /// The next batch as a table's bytes with the header, or nil at the end; a batch without rows is passed over.
    ///
    /// Throws `DataError` where the work is interrupted while it waits.
    mutating func next() throws -> [UInt8]? {
        var rows: [UInt8] = []
        while let line = try nextLine() {
            let isEmpty = line.allSatisfy { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\r") }
            if isEmpty, !rows.isEmpty { break }
            if isEmpty { continue }
            if header == nil {
                header = line
            } else {
                rows += line + [UInt8(ascii: "\n")]
            }
        }
        guard let header, !rows.isEmpty else { return nil }
        return header + [UInt8(ascii: "\n")] + rows
    }

    private mutating func nextLine() throws -> [UInt8]? {
        while true {
            if let end = pending.firstIndex(of: UInt8(ascii: "\n")) {
                defer { pending.removeFirst(end + 1) }
                return Array(pending[..<end])
            }
            if hasEnded {
                guard !pending.isEmpty else { return nil }
                defer { pending = [] }
                return pending
            }
            try Interruption.check("the watch", hint: "the same command goes on after the last batch")
            // Waits a little at a time, so that an interruption is seen.
            var waiting = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
            guard poll(&waiting, 1, 200) > 0 else { continue }
            var piece = [UInt8](repeating: 0, count: 1 << 16)
            let count = read(descriptor, &piece, piece.count)
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw POSIXFile.failure("standard input", "cannot be read") }
            pending += piece[..<count]
            hasEnded = count == 0
        }
    }
}
