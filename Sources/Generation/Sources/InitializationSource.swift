import Networks
import Tensors

/// Freshly initialised networks as the source: x_0 = encode(w), w drawn as training draws its starts.
///
/// Kaiming uniform and normal are `heUniform` and `heNormal`; the source is the true start of training only where it is
/// the zoo's own initialisation (FLoWN, 2025, and Neural manifolds, 2025, name Kaiming's without saying which).
public struct InitializationSource: Source {
    /// How weights are drawn.
    public let initialization: Initialization
    /// Of the networks.
    public let layout: ParameterLayout
    /// What codes mean.
    public let coordinates: any Coordinates

    /// K.
    public var dimension: Int { coordinates.dimension }

    /// Describes the source; traps unless the layout is of the coordinates' length.
    public init(_ initialization: Initialization, layout: ParameterLayout, coordinates: any Coordinates) {
        precondition(
            layout.count == coordinates.parameterCount,
            "initialization source: layout of \(layout.count), coordinates of \(coordinates.parameterCount)")
        self.initialization = initialization
        self.layout = layout
        self.coordinates = coordinates
    }

    /// Draws networks and encodes them, [count, K].
    public func sample(_ count: Int, _ stream: inout RandomStream) -> Tensor {
        let rows = (0..<count).map { _ in
            initialization.network(layout, RandomStream(seed: stream.seed(), purpose: "source.network"))
                .reshaped([1, layout.count])
        }
        return coordinates.encode(.concatenate(rows, axis: 0))
    }
}
