import Dispatch
import Tensors

/// The number of the engine's threads is a setting of the whole process: whoever changes it in a test does so alone.
public enum ThreadCounts {
    private static let turn = DispatchSemaphore(value: 1)

    /// Runs `body` while no other caller of this changes the number of threads, which is put back at the end.
    public static func exclusively<Result>(_ body: () throws -> Result) rethrows -> Result {
        turn.wait()
        let before = Threads.count
        defer {
            Threads.count = before
            turn.signal()
        }
        return try body()
    }

    /// The results of `body` at each number of threads.
    public static func results<Result>(at counts: [Int] = [1, 2, 4], _ body: () throws -> Result) rethrows -> [Result] {
        try exclusively {
            try counts.map { count in
                Threads.count = count
                return try body()
            }
        }
    }
}

extension Tensor {
    /// The bits of every element, in row-major order: equal only where the numbers are the same bytes.
    public var bits: [UInt64] {
        precision == .single ? floats.map { UInt64($0.bitPattern) } : doubles.map(\.bitPattern)
    }
}
