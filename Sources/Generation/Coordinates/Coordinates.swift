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
