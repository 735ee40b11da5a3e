import Basics
import Tensors

/// Labelled examples that say what a network's task is: n rows or images, each of a class or of none that is known.
///
/// Class c is the network's output c. The order of the examples has no meaning.
public struct SupportSet: Sendable {
    /// The examples: [n, F], or [n, channels, height, width].
    public let features: Tensor
    /// Each example's class, 0 ..< classes; -1 where it is not known.
    public let labels: [Int]
    /// C, the number of classes; each has an example.
    public let classes: Int
    private let identity: Identity

    /// Tells copies of one set from sets that were made apart, so that comparing the former costs nothing.
    private final class Identity: Sendable {}

    /// What stands for a class that is not known.
    public static let unknown = -1

    /// Checks and keeps examples; `path` is what messages name: the file, say.
    ///
    /// Throws `DataError` where there are no examples, or not as many labels; where a number is not finite, a label is no
    /// class, or a class has no example.
    public init(features: Tensor, labels: [Int], classes: Int, path: String = "support set") throws {
        func refuse(_ expected: String, _ found: String, _ hint: String = "") -> DataError {
            DataError(.malformed, path: path, expected: expected, found: found, hint: hint)
        }
        guard features.rank == 2 || features.rank == 4, features.shape[0] == labels.count, features.count > 0 else {
            throw refuse(
                "examples [n, features] or [n, channels, height, width] and a label for each",
                "examples \(features.shape) and \(labels.count) labels")
        }
        guard classes >= 2 else { throw refuse("at least two classes", "\(classes)") }
        if let row = Self.firstNotFinite(features) {
            throw DataError(
                .malformed, path: path, problem: "example \(row + 1) holds a number that is not finite",
                hint: "leave such rows out, or fill the gaps")
        }
        if let row = labels.firstIndex(where: { $0 < Self.unknown || $0 >= classes }) {
            throw refuse(
                "labels 0 to \(classes - 1), or \(Self.unknown) for an unknown one",
                "\(labels[row]) at example \(row + 1)")
        }
        let present = Set(labels)
        if let missing = (0..<classes).first(where: { !present.contains($0) }) {
            throw DataError(
                .malformed, path: path, problem: "class \(missing) of the \(classes) classes has no example",
                hint: "a support set shows every class of its task at least once")
        }
        self.init(features, labels, classes)
    }

    private init(_ features: Tensor, _ labels: [Int], _ classes: Int) {
        (self.features, self.labels, self.classes) = (features, labels, classes)
        identity = Identity()
    }

    /// Number of examples.
    public var count: Int { labels.count }

    /// Shape of one example: [F], or [channels, height, width].
    public var exampleShape: [Int] { Array(features.shape.array.dropFirst()) }

    private static func firstNotFinite(_ features: Tensor) -> Int? {
        if features.isFinite { return nil }
        let width = features.count / features.shape[0]
        return features.doubles.firstIndex { !$0.isFinite }.map { $0 / width }
    }
}

extension SupportSet: Hashable {
    /// Whether the examples are the same, in the same order.
    public static func == (first: Self, second: Self) -> Bool {
        if first.identity === second.identity { return true }
        return first.labels == second.labels && first.classes == second.classes
            && first.features.shape == second.features.shape && first.features.doubles == second.features.doubles
    }

    /// Of the labels and the examples' sum: pools of many tasks often have the same labels.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(labels)
        hasher.combine(classes)
        hasher.combine(features.sum().scalar)
    }
}

extension SupportSet {
    /// Some of the examples: `perClass` of each class (all of a class that has fewer), drawn without replacement;
    /// examples of no known class are left out.
    public func drawn(_ perClass: Int, _ stream: inout RandomStream) -> SupportSet {
        precondition(perClass >= 1, "support set: \(perClass) examples a class")
        let rows = (0..<classes).flatMap { label in
            let members = labels.indices.filter { labels[$0] == label }
            return stream.permutation(members.count).prefix(perClass).map { members[$0] }
        }
        return self[rows]
    }

    /// The examples in another order, or some of them. Traps where a class loses its last example.
    public subscript(rows: [Int]) -> SupportSet {
        let chosen = rows.map { labels[$0] }
        precondition(Set(chosen).isSuperset(of: 0..<classes), "support set: a class without an example")
        return SupportSet(features.gathered(axis: 0, rows.map { Int32($0) }), chosen, classes)
    }

    /// The same examples where class c is called `map[c]`; traps unless `map` is a permutation of the classes.
    public func relabelled(_ map: [Int]) -> SupportSet {
        precondition(map.sorted() == Array(0..<classes), "support set: \(map) for \(classes) classes")
        return SupportSet(features, labels.map { $0 == Self.unknown ? $0 : map[$0] }, classes)
    }

    /// The same examples and the same labels, put together at random: what a set says when it says nothing.
    public func shuffled(_ stream: inout RandomStream) -> SupportSet {
        SupportSet(features, stream.permutation(count).map { labels[$0] }, classes)
    }
}
