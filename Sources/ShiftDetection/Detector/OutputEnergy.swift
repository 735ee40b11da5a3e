import Basics
import Foundation
import Tensors

/// Energy distance of what the model in use says: twice the mean distance between a row of the sample and another one,
/// less the mean distances within each.
///
/// Outputs are log-probabilities less their mean, so that of two classes it is the log-odds that count.
struct OutputEnergy: ShiftMethod {
    static let keys: [ConfigKey] = []

    func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double] {
        let points = Self.points(pool)
        let count = pool.count
        var distances = [Double](repeating: 0, count: count * count)
        for i in 0..<count {
            for j in 0..<i {
                let value = zip(points[i], points[j]).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }.squareRoot()
                (distances[i * count + j], distances[j * count + i]) = (value, value)
            }
        }
        let sums = (0..<count).map { i in distances[i * count..<(i + 1) * count].reduce(0, +) }
        let total = sums.reduce(0, +)
        return try samples.enumerated().map { index, sample in
            if index % 50 == 0 { try progress.report(index, of: samples.count) }
            let (n, m) = (Double(sample.count), Double(count - sample.count))
            var within = 0.0
            for i in sample { for j in sample { within += distances[i * count + j] } }
            let across = sample.reduce(0) { $0 + sums[$1] } - within
            let others = total - within - 2 * across
            return 2 * across / (n * m) - within / (n * n) - others / (m * m)
        }
    }

    private static func points(_ rows: ShiftRows) -> [[Double]] {
        let values = rows.probabilities.doubles
        let classes = rows.classes
        return (0..<rows.count).map { row in
            let logs = values[row * classes..<(row + 1) * classes].map { log(min(max($0, 1e-4), 1 - 1e-4)) }
            let mean = logs.reduce(0, +) / Double(classes)
            return logs.map { $0 - mean }
        }
    }
}
