import Basics
import Tensors

/// What of the rows a method compares.
public enum ShiftSpace: String, Codable, Sendable, CaseIterable {
    /// The encoded inputs.
    case features
    /// The probabilities of the model in use.
    case probabilities
    /// Its logits: where small probabilities differ by factors.
    case logits

    /// Probabilities nearer to 0 or 1 than this are taken as this far away, so that logits are finite.
    static let smallest = 1e-4

    /// The key under which methods are told.
    static func key(_ documentation: String) -> ConfigKey {
        ConfigKey("on", .choice(allCases.map(\.rawValue)), documentation)
    }
}

extension ShiftRows {
    /// The rows' numbers. Of two classes the second alone stands for both; logits of two classes are ln(p / (1 - p)), of
    /// more ln p less its mean over the classes. Traps where features are asked for and there are none.
    func points(_ space: ShiftSpace) -> Points {
        switch space {
        case .features:
            guard let features else { preconditionFailure("shift rows: a method on features, and rows have none") }
            return Points(features)
        case .probabilities:
            return Points(classes == 2 ? probabilities.sliced(axis: 1, 1..<2) : probabilities)
        case .logits:
            let bounds = ShiftSpace.smallest...(1 - ShiftSpace.smallest)
            let logs = probabilities.clamped(to: bounds).log()
            guard classes == 2 else { return Points(logs - logs.mean(axes: [1], keepingDims: true)) }
            return Points(logs.sliced(axis: 1, 1..<2) - logs.sliced(axis: 1, 0..<1))
        }
    }
}

extension ShiftMethod {
    /// One number for each sample, whose rows are handed to `body` in the order of the pool, on all threads.
    ///
    /// Traps unless every sample has at least one row of the pool and leaves at least one.
    func map(
        _ samples: [[Int]], of pool: ShiftRows, progress: WorkProgress, _ body: ([Int]) -> Double
    ) throws -> [Double] {
        precondition(
            samples.allSatisfy { !$0.isEmpty && $0.count < pool.count }, "shift method: samples of \(pool.count) rows")
        var values: [Double] = []
        let strip = 256
        for start in stride(from: 0, to: samples.count, by: strip) {
            try progress.report(start, of: samples.count)
            let end = min(start + strip, samples.count)
            values += parallelMap(end - start) { body(samples[start + $0].sorted()) }
        }
        try progress.report(samples.count, of: samples.count)
        return values
    }
}
