import Basics
import Foundation
import Tensors

/// The classifier two-sample test: whether a classifier that has learnt to tell the sample from the other rows can do
/// so for rows that it has not seen.
///
/// The pool is cut into folds once, by the model's seed and not by the sample. For every fold a classifier learns from
/// the others, and the statistic is the share of pairs within folds, one row of the sample and one other, that it ranks
/// in order (the area under the ROC curve; 1/2 for a guess). It is kernel least squares with a Gaussian kernel of median
/// bandwidth: its answers are linear in the labels, so that what it learns from any sample is one product with a matrix
/// made once a pool, and it learns anew for every permutation, which keeps the test exact.
///
/// Lopez-Paz and Oquab's test has a neural network, one split into halves, accuracy, and the normal law; with 10 rows
/// against 150, accuracy is best for a classifier that always says "other", and halves waste rows.
///
/// Source: Lopez-Paz and Oquab, Revisiting classifier two-sample tests, 2017.
public struct ClassifierMethod: ShiftMethod {
    /// What the classifier sees.
    public var on = ShiftSpace.features
    /// Parts of the pool, each judged by what was learnt from the others.
    public var folds = 5
    /// Added to the kernel's diagonal.
    public var ridge = 1.0

    /// On features, in five folds.
    public init() {}
    /// The same on other numbers of the rows.
    public init(on: ShiftSpace) { self.on = on }

    /// What can be set.
    public static let keys = [
        ShiftSpace.key("What the classifier sees"),
        ConfigKey("folds", .integer(2...20), "Parts of the pool, each judged by what was learnt from the others"),
        ConfigKey("ridge", .number(above: 0), "What is added to the kernel's diagonal: more is smoother"),
    ]

    /// The most rows of a pool whose kernel is inverted.
    static let mostRows = 4096

    /// Where it sees features.
    public var needsFeatures: Bool { on == .features }

    /// The area under the curve, 0 to 1. Throws for pools of more than 4,096 rows.
    public func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double] {
        guard pool.count <= Self.mostRows else {
            throw DataError(
                .configuration, path: "c2st", expected: "at most \(Self.mostRows) rows, reference and sample together",
                found: "\(pool.count)", hint: "give fewer reference rows, or take mmd or energy, which have no limit")
        }
        let judge = FoldedClassifier(pool.points(on), folds: folds, ridge: ridge, seed: model.seed)
        return try map(samples, of: pool, progress: progress) { judge.areaUnderCurve(of: $0) }
    }
}

/// What a classifier says of each row of a pool after it has learnt from the other folds, for any labels.
private struct FoldedClassifier {
    /// Rows of each fold.
    private let folds: [[Int]]
    /// The fold of each row.
    private let fold: [Int]
    /// Row j: how much a label of 1 on row j adds to the answer for each row, [n, n]; 0 within folds.
    private let influence: [Double]
    /// How much labels of 1 on all rows add to the answer for each row.
    private let sums: [Double]

    init(_ points: Points, folds wanted: Int, ridge: Double, seed: UInt64) {
        let count = points.count
        let number = max(2, min(wanted, count / 2))
        var stream = RandomStream(seed: seed, purpose: "shift.c2st.folds")
        let order = stream.permutation(count)
        let folds = (0..<number).map { part in order.enumerated().filter { $0.0 % number == part }.map(\.1).sorted() }
        self.folds = folds
        fold = folds.enumerated().reduce(into: [Int](repeating: 0, count: count)) { result, part in
            for row in part.element { result[row] = part.offset }
        }
        let kernel = Self.kernel(points)
        var influence = [Double](repeating: 0, count: count * count)
        for (part, rows) in folds.enumerated() {
            let others = folds.indices.filter { $0 != part }.flatMap { folds[$0] }.sorted()
            let answers = Self.answers(kernel, to: rows, from: others, ridge: ridge)
            for (i, row) in rows.enumerated() {
                for (j, other) in others.enumerated() { influence[other * count + row] = answers[i * others.count + j] }
            }
        }
        self.influence = influence
        sums = (0..<count).map { row in (0..<count).reduce(0) { $0 + influence[$1 * count + row] } }
    }

    private static func kernel(_ points: Points) -> Tensor {
        let gaussian = PairSums.Kernel.gaussian(bandwidth: points.medianDistance)
        let rows = parallelMap(points.count) { i in
            (0..<points.count).map { gaussian.value(points.distance(i, $0)) }
        }
        return Tensor(rows.flatMap { $0 }, shape: [points.count, points.count])
    }

    /// K(rows, others) (K(others, others) + ridge)^-1; not numbers where the kernel is none.
    private static func answers(_ kernel: Tensor, to rows: [Int], from others: [Int], ridge: Double) -> [Double] {
        let seen = kernel.gathered(axis: 1, others.map { Int32($0) })
        let own = seen.gathered(axis: 0, others.map { Int32($0) })
        guard let eigen = SymmetricEigen(own) else {
            return [Double](repeating: .nan, count: rows.count * others.count)
        }
        let factors = Tensor(eigen.values.map { 1 / (max(0, $0) + ridge) }, shape: [1, others.count])
        let turned = matmul(seen.gathered(axis: 0, rows.map { Int32($0) }), eigen.vectors, transposeB: true)
        return matmul(turned * factors, eigen.vectors).doubles
    }

    /// The share of ordered pairs within folds that are in order, ties one half; 1/2 where there is no pair.
    func areaUnderCurve(of sample: [Int]) -> Double {
        let scores = scores(of: sample)
        var isMember = [Bool](repeating: false, count: fold.count)
        for row in sample { isMember[row] = true }
        var (inOrder, pairs) = (0.0, 0)
        for rows in folds {
            let mine = rows.filter { isMember[$0] }.map { scores[$0] }
            let others = rows.filter { !isMember[$0] }.map { scores[$0] }
            for score in mine {
                guard !score.isNaN else { return .nan }
                for other in others { inOrder += score > other ? 1 : score == other ? 0.5 : 0 }
            }
            pairs += mine.count * others.count
        }
        return pairs == 0 ? 0.5 : inOrder / Double(pairs)
    }

    /// The answer for each row to labels of 1 in the sample and 0 elsewhere, less their mean where it was learnt; nine
    /// digits, so that copies of a row have equal ones.
    private func scores(of sample: [Int]) -> [Double] {
        let count = fold.count
        var (scores, members) = ([Double](repeating: 0, count: count), folds.map { _ in 0 })
        influence.withUnsafeBufferPointer { influence in
            scores.withUnsafeMutableBufferPointer { scores in
                for row in sample {
                    members[fold[row]] += 1
                    for place in 0..<count { scores[place] += influence[row * count + place] }
                }
            }
        }
        return scores.indices.map { row in
            let own = fold[row]
            let share = Double(sample.count - members[own]) / Double(count - folds[own].count)
            return ((scores[row] - share * sums[row]) * 1e9).rounded()
        }
    }
}
