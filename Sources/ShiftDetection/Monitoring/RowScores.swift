import Tensors

/// One number a row, by which rows can be ranked.
public struct RowScores: Codable, Sendable, Equatable {
    /// What the number is.
    public let name: String
    /// The number of each row.
    public let values: [Double]

    /// Names numbers.
    public init(name: String, values: [Double]) { (self.name, self.values) = (name, values) }

    /// What a model's outputs give to rank by: each class's probability (of two classes the second's) and the confidence.
    ///
    /// `classes` names the classes in the order of their columns; without it they are counted from 0. Traps where their
    /// number is another one.
    public static func outputs(of rows: ShiftRows, classes: [String]? = nil) -> [RowScores] {
        let names = classes ?? (0..<rows.classes).map(String.init)
        precondition(names.count == rows.classes, "row scores: \(names.count) names, \(rows.classes) classes")
        let said = rows.probabilities.doubles
        let own = (rows.classes == 2 ? [1] : Array(0..<rows.classes)).map { one in
            RowScores(
                name: "probability of \(names[one])",
                values: stride(from: one, to: said.count, by: rows.classes).map { said[$0] })
        }
        return own + [RowScores(name: "confidence", values: rows.confidences)]
    }
}
