import Tensors

/// Where networks predict another class than a model does.
struct Disagreements: Sendable {
    /// M.
    let networks: Int
    /// n.
    let rows: Int
    /// 1 where a network contradicts the model, network by network.
    private let marks: [UInt8]

    /// Compares what networks say, [M, n, C], with a model's predictions. Traps where the number of rows differs.
    init(_ probabilities: Tensor, with predictions: [Int32]) {
        precondition(
            probabilities.rank == 3 && probabilities.shape[1] == predictions.count,
            "disagreements: probabilities \(probabilities.shape), \(predictions.count) predictions")
        (networks, rows) = (probabilities.shape[0], predictions.count)
        let (said, width) = (probabilities.argmax(), predictions.count)
        marks = said.indices.map { said[$0] == predictions[$0 % width] ? 0 : 1 }
    }

    /// How many of these rows a network contradicts.
    func count(of network: Int, in rows: [Int]) -> Int {
        let first = network * self.rows
        return rows.reduce(0) { $0 + Int(marks[first + $1]) }
    }

    /// How many of all rows each network contradicts.
    var totals: [Int] {
        (0..<networks).map { marks[($0 * rows)..<(($0 + 1) * rows)].reduce(0) { $0 + Int($1) } }
    }

    /// The network that contradicts the fewest rows; of several the first.
    var fewest: Int {
        let totals = totals
        return totals.indices.min { (totals[$0], $0) < (totals[$1], $1) } ?? 0
    }
}
