import Basics
import Networks
import Tensors

/// Coordinates that a file can hold: what was fitted is a list of named tensors.
///
/// Every conforming type has an `init` that takes what its fit was told (a layout, a config) and these tensors, and
/// throws a `DataError` where they do not fit together; it never traps on foreign numbers.
public protocol StoredCoordinates: Coordinates {
    /// What was fitted, in a fixed order.
    var tensors: [NamedTensor] { get }
}

extension RawCoordinates: StoredCoordinates {
    /// None: nothing is fitted.
    public var tensors: [NamedTensor] { [] }
}

extension [NamedTensor] {
    /// The tensor of a name and shape, all finite; throws a `DataError` in the name of `owner` where there is none.
    ///
    /// - shape: nil takes any shape of rank `rank`.
    func fitted(_ name: String, shape: Shape? = nil, rank: Int? = nil, of owner: String) throws -> Tensor {
        let named = first { $0.name == name }?.value
        guard let named, shape == nil || named.shape == shape, rank == nil || named.rank == rank, named.isFinite else {
            let wanted = shape.map { "\($0)" } ?? "of rank \(rank ?? 0)"
            let found = named.map { $0.isFinite ? "shape \($0.shape)" : "numbers that are not finite" }
            throw DataError(
                .malformed, path: owner, expected: "\(name) \(wanted)", found: found ?? "no such tensor",
                hint: "was it fitted with other settings?")
        }
        return named
    }

    /// The same where every number is above zero: scales.
    func fittedScale(_ name: String, shape: Shape, of owner: String) throws -> Tensor {
        let scale = try fitted(name, shape: shape, of: owner).converted(to: .single)
        guard scale.floats.allSatisfy({ $0 > 0 }) else {
            throw DataError(
                .malformed, path: owner, expected: "\(name) above zero", found: "a scale of zero or less",
                hint: "was it fitted with other settings?")
        }
        return scale
    }
}
