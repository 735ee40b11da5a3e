import Basics
import Tensors

/// Rows that the model was not trained on, with their true classes: what estimates of its performance are anchored to.
public struct ReferenceRows: Sendable {
    /// What the models say of them.
    public let rows: ShiftRows
    /// The true class of each row, by its place among the columns of probabilities.
    public let labels: [Int32]

    /// Rows with labels. Traps unless each row has a label among the classes.
    public init(_ rows: ShiftRows, labels: [Int32]) {
        precondition(
            labels.count == rows.count && labels.allSatisfy { (0..<Int32(rows.classes)).contains($0) },
            "reference rows: \(labels.count) labels, \(rows.count) rows of \(rows.classes) classes")
        (self.rows, self.labels) = (rows, labels)
    }

    /// Rows whose labels are words. `classes` are the words in the order of the columns of probabilities, whichever that
    /// is: an alphabetic order would be another one. Throws for a word that is no class.
    public init(_ rows: ShiftRows, labels: [String], classes: [String]) throws {
        precondition(
            labels.count == rows.count && classes.count == rows.classes && Set(classes).count == classes.count,
            "reference rows: \(labels.count) labels, \(rows.count) rows, classes \(classes)")
        let places = Dictionary(uniqueKeysWithValues: zip(classes, Int32(0)...))
        self.init(
            rows,
            labels: try labels.map { label in
                guard let place = places[label] else {
                    throw DataError(
                        .malformed, path: "labels", expected: "one of \(classes.joined(separator: ", "))",
                        found: "\"\(label)\"")
                }
                return place
            })
    }

    /// n.
    public var count: Int { rows.count }
    /// Whether the model in use is right about each row.
    public var isRight: [Bool] { zip(rows.predictions, labels).map { $0 == $1 } }

    /// The rows at these places with their labels; a place may occur more than once.
    public func selecting(_ places: [Int]) -> ReferenceRows {
        ReferenceRows(rows.selecting(places), labels: places.map { labels[$0] })
    }
}
