import Foundation
import Tensors

/// What classifies from examples without any network: the rivals that a network made from the same examples must reach.
public enum ExampleRule: String, Codable, Sendable, CaseIterable {
    /// The class of the nearest example by Euclidean distance, the first of equals.
    case nearestNeighbour = "nearest-neighbour"
    /// The class whose examples' mean is nearest.
    case classMeans = "class-means"
    /// A linear classifier fitted to the examples (`LinearProbe`).
    case linearProbe = "linear-probe"

    /// The predicted class of every query [n, features], [n]; `Classifier.noClass` without any example.
    public func predictions(_ examples: LabelledExamples, queries: Tensor) -> [Int32] {
        let queries = queries.reshaped([queries.shape[0], -1])
        guard examples.count > 0 else { return Array(repeating: -1, count: queries.shape[0]) }
        switch self {
        case .nearestNeighbour: return Self.nearest(queries, to: examples.rows).map { examples.labels[$0] }
        case .classMeans:
            let (means, labels) = Self.means(examples)
            return Self.nearest(queries, to: means).map { labels[$0] }
        case .linearProbe: return LinearProbe(examples).predictions(queries)
        }
    }

    /// For each query the place of the nearest row.
    private static func nearest(_ queries: Tensor, to rows: Tensor) -> [Int] {
        DistanceMatrix(from: queries, to: rows).nearestToRows().map { $0.index ?? 0 }
    }

    /// The mean of each class that has examples, and the classes.
    private static func means(_ examples: LabelledExamples) -> (means: Tensor, labels: [Int32]) {
        let present = (0..<Int32(examples.classes)).filter { examples.labels.contains($0) }
        let means = present.map { label -> Tensor in
            let own = examples.labels.indices.filter { examples.labels[$0] == label }
            return examples.rows.gathered(axis: 0, own.map(Int32.init)).mean(axes: [0], keepingDims: true)
        }
        return (.concatenate(means, axis: 0), present)
    }
}

/// Multinomial logistic regression on a few examples: scikit-learn's `LogisticRegression(C=1)`, whose values it has.
///
///     min over W, b of |W|^2 / 2 + sum_i (log sum_c exp z_ic - z_i,y_i),  z_i = W x_i + b
///
/// The minimum has W = A^T X with one row of A an example, so that a step costs n^2 C whatever the features: accelerated
/// gradient steps in A, restarted where they no longer go down, until the gradient is below 1e-7.
struct LinearProbe {
    /// A, [n][C].
    private var weights: [[Double]]
    private var bias: [Double]
    private let rows: Tensor
    private let classes: Int
    /// Most steps; a few hundred are usual.
    private static let most = 20_000

    /// Fits; traps without an example.
    init(_ examples: LabelledExamples) {
        precondition(examples.count > 0, "linear probe: no examples")
        (rows, classes) = (examples.rows, examples.classes)
        let count = examples.count
        let products = Self.products(rows.doubles, rows.doubles, width: rows.shape[1])
        let targets = examples.labels.map { label in (0..<examples.classes).map { $0 == Int(label) ? 1.0 : 0 } }
        // No eigenvalue of the products (and the constant) exceeds the largest sum of a row of theirs.
        let largest = products.map { $0.reduce(0) { $0 + abs($1 + 1) } }.max() ?? 0
        let rate = 1 / (1 + largest / 2)
        weights = Array(repeating: Array(repeating: 0, count: classes), count: count)
        bias = Array(repeating: 0, count: classes)
        var (ahead, aheadBias, momentum) = (weights, bias, 1.0)
        for _ in 0..<Self.most {
            let (gradient, biasGradient) = Self.gradient(products, ahead, aheadBias, targets)
            let steepest = max(gradient.joined().map(abs).max() ?? 0, biasGradient.map(abs).max() ?? 0)
            guard steepest > 1e-7 else { break }
            let next = zip(ahead, gradient).map { zip($0, $1).map { $0 - rate * $1 } }
            let nextBias = zip(aheadBias, biasGradient).map { $0 - rate * $1 }
            let turns = zip(zip(gradient.joined(), next.joined()), weights.joined()).reduce(0) {
                $0 + $1.0.0 * ($1.0.1 - $1.1)
            }
            let (grown, isRestarted) = ((1 + (1 + 4 * momentum * momentum).squareRoot()) / 2, turns > 0)
            let share = isRestarted ? 0 : (momentum - 1) / grown
            ahead = zip(next, weights).map { zip($0, $1).map { $0 + share * ($0 - $1) } }
            aheadBias = zip(nextBias, bias).map { $0 + share * ($0 - $1) }
            (weights, bias, momentum) = (next, nextBias, isRestarted ? 1 : grown)
        }
    }

    /// The gradient in A's own geometry, A + P - Y, and that of the bias.
    private static func gradient(
        _ products: [[Double]], _ weights: [[Double]], _ bias: [Double], _ targets: [[Double]]
    ) -> (weights: [[Double]], bias: [Double]) {
        var biases = [Double](repeating: 0, count: bias.count)
        let rows = products.indices.map { row -> [Double] in
            let chances = softmax(logits(products[row], weights, bias))
            return bias.indices.map { label in
                let error = chances[label] - targets[row][label]
                biases[label] += error
                return weights[row][label] + error
            }
        }
        return (rows, biases)
    }

    private static func logits(_ products: [Double], _ weights: [[Double]], _ bias: [Double]) -> [Double] {
        zip(products, weights).reduce(into: bias) { sum, entry in
            for label in sum.indices { sum[label] += entry.0 * entry.1[label] }
        }
    }

    private static func softmax(_ logits: [Double]) -> [Double] {
        let top = logits.max() ?? 0
        let powers = logits.map { exp($0 - top) }
        let total = powers.reduce(0, +)
        return powers.map { $0 / total }
    }

    /// Inner products of rows, [a][b].
    private static func products(_ a: [Double], _ b: [Double], width: Int) -> [[Double]] {
        stride(from: 0, to: a.count, by: width).map { i in
            stride(from: 0, to: b.count, by: width).map { j in
                (0..<width).reduce(0) { $0 + a[i + $1] * b[j + $1] }
            }
        }
    }

    /// Logits of queries [m, F], [m][C].
    func logits(_ queries: Tensor) -> [[Double]] {
        Self.products(queries.doubles, rows.doubles, width: rows.shape[1]).map { Self.logits($0, weights, bias) }
    }

    /// The likeliest class of each query, the first of equals.
    func predictions(_ queries: Tensor) -> [Int32] {
        logits(queries).map { logits in
            Int32(logits.indices.max { logits[$0] < logits[$1] || (logits[$0] == logits[$1] && $0 > $1) } ?? 0)
        }
    }
}
