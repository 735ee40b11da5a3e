import Tensors

/// Rows that networks learn from: encoded features, and the class of each.
///
/// The classes are the true labels of T, or, where the model in use is to be imitated, its predictions for T.
public struct LabelledRows: Sendable {
    /// [n, d] in single precision.
    public let features: Tensor
    /// One class a row, in 0..<classes.
    public let labels: [Int32]
    /// C.
    public let classes: Int

    /// Pairs features with classes. Traps where there are no rows, or fewer than two classes, or where labels do not fit.
    public init(features: Tensor, labels: [Int32], classes: Int) {
        precondition(
            features.rank == 2 && features.shape[0] == labels.count && !labels.isEmpty && features.shape[1] > 0,
            "labelled rows: features \(features.shape), \(labels.count) labels")
        precondition(
            classes > 1 && labels.allSatisfy { $0 >= 0 && Int($0) < classes },
            "labelled rows: labels \(Set(labels).sorted()) of \(classes) classes")
        (self.features, self.labels, self.classes) = (features, labels, classes)
    }

    /// n.
    public var count: Int { labels.count }
}
