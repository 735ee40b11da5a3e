import Tensors

/// What a generator sees of a network: a map from weights to codes and back.
public protocol Coordinates: Sendable {
    /// Length of a code.
    var dimension: Int { get }
    /// D, the number of weights.
    var parameterCount: Int { get }
    /// Weights [N, D] to codes [N, dimension].
    func encode(_ weights: Tensor) -> Tensor
    /// Codes [N, dimension] to weights [N, D].
    func decode(_ codes: Tensor) -> Tensor
}

/// The weights themselves.
public struct RawCoordinates: Coordinates {
    /// D.
    public let parameterCount: Int
    /// D.
    public var dimension: Int { parameterCount }

    /// Coordinates of networks with D weights.
    public init(parameterCount: Int) { self.parameterCount = parameterCount }

    /// The identity.
    public func encode(_ weights: Tensor) -> Tensor { weights }
    /// The identity.
    public func decode(_ codes: Tensor) -> Tensor { codes }
}
