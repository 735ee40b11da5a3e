import Basics
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

extension InitializationSource {
    /// How untrained weights are drawn.
    public struct Config: SourceConfig {
        /// The rule; nil is that of the zoo's recipe.
        public var method: Initialization?

        /// The recipe's.
        public init() {}

        /// What can be set.
        public static let keys = [
            ConfigKey(
                "method", .optional(.choice(Initialization.allCases.map(\.rawValue))),
                "How untrained weights are drawn; null: as the zoo's recipe says")
        ]

        /// Nothing is fitted.
        public func fit(_ weights: Tensor, in space: CodeSpace) throws -> any Source { try source(space) }
        /// Nothing was fitted.
        public func read(_ tensors: [NamedTensor], in space: CodeSpace) throws -> any Source { try source(space) }

        private func source(_ space: CodeSpace) throws -> any Source {
            guard let rule = method ?? space.initialization else {
                throw DataError(
                    .configuration, path: "source.method", expected: "how untrained weights are drawn", found: "null",
                    hint: "nothing says how the networks were")
            }
            return InitializationSource(rule, layout: space.layout, coordinates: space.coordinates)
        }

        /// No rule at all.
        public func problems(knowing initialization: Initialization?) -> [ConfigProblem] {
            guard method == nil, initialization == nil else { return [] }
            return [
                ConfigProblem(
                    "method", expected: "how untrained weights are drawn, as the zoo comes from a file", found: "null")
            ]
        }

        /// Training starts there.
        public var startStep: Int64? { 0 }

        /// The kind in a few words.
        public func summary(std: String) -> String { "networks before their training" }
    }
}
