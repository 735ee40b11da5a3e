import Basics
import Networks
import Tensors

/// What a generator sees of a network: a map from weights to codes and back.
public protocol Coordinates: Sendable {
    /// Length of a code.
    var dimension: Int { get }
    /// D, the number of weights.
    var parameterCount: Int { get }
    /// Weights [N, D] to codes [N, dimension].
    func encode(_ weights: Tensor) -> Tensor
    /// Codes [N, dimension] to weights [N, D], an operation that has derivatives.
    func decode(_ codes: Tensor) -> Tensor
    /// Whether every element of a code is an affine function of the weight in its place.
    var isElementwise: Bool { get }
}

extension Coordinates {
    /// Codes are more than that, unless the coordinates say otherwise.
    public var isElementwise: Bool { false }
}

/// The weights themselves.
public struct RawCoordinates: Coordinates {
    /// D.
    public let parameterCount: Int
    /// D.
    public var dimension: Int { parameterCount }

    /// Coordinates of networks with D weights.
    public init(parameterCount: Int) { self.parameterCount = parameterCount }

    /// It is the weight.
    public var isElementwise: Bool { true }
    /// The identity.
    public func encode(_ weights: Tensor) -> Tensor { weights }
    /// The identity.
    public func decode(_ codes: Tensor) -> Tensor { codes }
}

extension RawCoordinates {
    /// No settings.
    public struct Config: CoordinatesConfig {
        /// Nothing to set.
        public init() {}
        /// No keys.
        public static let keys: [ConfigKey] = []

        /// The weights of networks of the layout.
        public func fit(
            _ rows: Tensor, validation: Tensor?, _ fitting: CoordinatesFitting
        ) throws -> any StoredCoordinates {
            RawCoordinates(parameterCount: fitting.layout.count)
        }

        /// The weights of networks of the layout.
        public func read(_ tensors: [NamedTensor], _ fitting: CoordinatesFitting) throws -> any StoredCoordinates {
            RawCoordinates(parameterCount: fitting.layout.count)
        }

        /// Weights are in their places.
        public var keepsPlaces: Bool { true }
        /// Weights are as wide as they are.
        public var isStandardized: Bool { false }
        /// "raw".
        public var shortName: String { "raw" }
    }
}

/// Coordinates that a file can hold: what was fitted is a list of named tensors.
///
/// Every conforming type has an `init` that takes what its fit was given (a layout, a config) and these tensors, and
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

/// Coordinates of coordinates: codes of one part are the weights of the next.
public struct ChainedCoordinates: StoredCoordinates {
    /// The parts, the one that sees the weights first.
    public let parts: [any Coordinates]

    /// Of the last part.
    public var dimension: Int { parts[parts.count - 1].dimension }
    /// Of the first part.
    public var parameterCount: Int { parts[0].parameterCount }

    /// Chains the parts; traps unless there is one and each takes codes of its predecessor's length.
    public init(_ parts: [any Coordinates]) {
        precondition(
            !parts.isEmpty && zip(parts, parts.dropFirst()).allSatisfy { $0.dimension == $1.parameterCount },
            "ChainedCoordinates: \(parts.map { "\($0.parameterCount) to \($0.dimension)" })")
        self.parts = parts
    }

    /// Weights [N, D] to codes [N, K], in order.
    public func encode(_ weights: Tensor) -> Tensor { parts.reduce(weights) { $1.encode($0) } }

    /// Codes [N, K] to weights [N, D], in reverse.
    public func decode(_ codes: Tensor) -> Tensor { parts.reversed().reduce(codes) { $1.decode($0) } }

    /// The tensors of all parts that have any, named `0/...`, `1/...` by part.
    public var tensors: [NamedTensor] {
        parts.enumerated().flatMap { index, part in
            let tensors = (part as? any StoredCoordinates)?.tensors ?? []
            return tensors.map { NamedTensor("\(index)/\($0.name)", $0.value) }
        }
    }

    /// The tensors of one part, under its own names, from recorded ones.
    public static func tensors(ofPart index: Int, in tensors: [NamedTensor]) -> [NamedTensor] {
        let prefix = "\(index)/"
        return tensors.filter { $0.name.hasPrefix(prefix) }.map {
            NamedTensor(String($0.name.dropFirst(prefix.count)), $0.value)
        }
    }
}
