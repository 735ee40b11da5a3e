import Basics
import Foundation
import Synchronization

/// Writes measurements to `metrics.jsonl`: one JSON object a line, keys sorted, not-finite numbers as null, each line
/// in the file as soon as it is logged.
public final class MetricsLog: Sendable {
    private let path: String
    private let descriptor: Mutex<Int32>

    /// Opens the log for appending and cuts off a last line that an interrupted run left incomplete; `dropping` removes
    /// the lines of work that will be done again. Throws `DataError` (inputOutput).
    public init(_ url: URL, dropping isStale: (Tree) -> Bool = { _ in false }) throws {
        path = url.path
        if let data = try? Data(contentsOf: url) {
            let lines = data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast()
            let kept = lines.filter { line in
                (try? Tree(parsing: Data(line), path: url.path)).map { !isStale($0) } ?? false
            }
            let text = Data(kept.flatMap { Array($0) + [UInt8(ascii: "\n")] })
            if text != data { try WholeFile.write(text, to: url) }
        }
        let opened = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0o644)
        guard opened >= 0 else { throw POSIXFile.failure(path, "cannot be written") }
        descriptor = Mutex(opened)
    }

    /// Appends one line; throws `DataError` (inputOutput).
    public func log(_ fields: Tree.Map) throws {
        let line = Array((Tree.map(fields).text() + "\n").utf8)
        try descriptor.withLock { try POSIXFile.write(line, to: $0, path: path) }
    }

    deinit {
        descriptor.withLock { _ = close($0) }
    }
}
