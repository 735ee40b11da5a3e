import Tensors

/// What evaluation needs to know of a population: its weights in the common frame and what it predicts.
public struct JudgedPopulation: Sendable {
    /// The networks in normal form: what distances are measured between.
    public let networks: PlacedNetworks
    /// Predicted classes on the test set, [P][n].
    public let predictions: [[Int32]]
    /// Accuracies on the validation set, [P].
    public let validationAccuracies: [Double]?
    /// Codes in the generator's coordinates, [P, K].
    public let codes: Tensor?

    /// Puts together one population; traps where the numbers of networks differ.
    public init(
        networks: PlacedNetworks, predictions: [[Int32]], validationAccuracies: [Double]? = nil, codes: Tensor? = nil
    ) {
        precondition(
            predictions.count == networks.count
                && validationAccuracies.map { $0.count == networks.count } ?? true
                && codes.map { $0.rank == 2 && $0.shape[0] == networks.count } ?? true,
            "JudgedPopulation: \(networks.count) networks, predictions of \(predictions.count)")
        self.networks = networks
        self.predictions = predictions
        self.validationAccuracies = validationAccuracies
        self.codes = codes
    }

    /// P.
    public var count: Int { predictions.count }
}
