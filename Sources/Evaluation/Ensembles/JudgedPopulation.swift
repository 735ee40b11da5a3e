import Tensors

/// What evaluation needs to know of a population: its weights in the common frame and what it predicts.
public struct JudgedPopulation: Sendable {
    /// Weights with permutations, scales and signs normalised, [P, D]: what distances are measured between.
    public let weights: Tensor
    /// Predicted classes on the test set, [P][n].
    public let predictions: [[Int32]]
    /// Accuracies on the validation set, [P].
    public let validationAccuracies: [Double]?
    /// Codes in the generator's coordinates, [P, K].
    public let codes: Tensor?

    /// Puts together one population; traps where the numbers of networks differ.
    public init(
        weights: Tensor, predictions: [[Int32]], validationAccuracies: [Double]? = nil, codes: Tensor? = nil
    ) {
        precondition(
            weights.rank == 2 && predictions.count == weights.shape[0]
                && validationAccuracies.map { $0.count == weights.shape[0] } ?? true
                && codes.map { $0.rank == 2 && $0.shape[0] == weights.shape[0] } ?? true,
            "JudgedPopulation: weights \(weights.shape), predictions of \(predictions.count) networks")
        self.weights = weights
        self.predictions = predictions
        self.validationAccuracies = validationAccuracies
        self.codes = codes
    }

    /// P.
    public var count: Int { predictions.count }

    /// Number of networks with a weight that is not finite.
    var nonFinite: Int {
        (0..<count).filter { !weights.selected(axis: 0, $0).doubles.allSatisfy(\.isFinite) }.count
    }
}
