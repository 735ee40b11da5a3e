import Basics
import Networks
import Tensors

/// Independent Gaussian weights with each slot's own mean and standard deviation: x_0 = encode(w),
/// w_d ~ N(m_s, (scale std_s)^2) for d in slot s, m_s and std_s over the slot's entries of all training networks.
///
/// DeepWeightFlow (2026, appendix H) finds a source as wide as the weights or slightly narrower best, with one width
/// for all; one a slot is our refinement. The slots' means matter for norms' scales, which lie around 1.
public struct MatchedSource: Source {
    /// Mean of each weight, [D].
    public let mean: Tensor
    /// Standard deviation of each weight, [D].
    public let std: Tensor
    /// What codes mean.
    public let coordinates: any Coordinates

    /// K.
    public var dimension: Int { coordinates.dimension }
    /// Means and standard deviations.
    public var tensors: [NamedTensor] { [NamedTensor("source_mean", mean), NamedTensor("source_std", std)] }

    /// Takes known means and standard deviations [D]; traps on other shapes.
    public init(mean: Tensor, std: Tensor, coordinates: any Coordinates) {
        precondition(
            mean.shape == [coordinates.parameterCount] && std.shape == mean.shape,
            "matched source: mean \(mean.shape), std \(std.shape), coordinates of \(coordinates.parameterCount)")
        self.mean = mean
        self.std = std
        self.coordinates = coordinates
    }

    /// Fits training networks [N, D] slot by slot; traps unless the layout is theirs and scale > 0.
    public init(fitting weights: Tensor, layout: ParameterLayout, scale: Double = 1, coordinates: any Coordinates) {
        precondition(
            weights.rank == 2 && weights.shape[1] == layout.count && scale > 0,
            "matched source: weights \(weights.shape), layout of \(layout.count), scale \(scale)")
        let moments = layout.slots.map { slot -> (Tensor, Tensor) in
            let entries = weights.sliced(axis: 1, slot.range).converted(to: .double)
            let std = entries.variance().scalar.squareRoot() * scale
            return (.full([slot.count], entries.mean().scalar), .full([slot.count], std))
        }
        self.init(
            mean: .concatenate(moments.map(\.0), axis: 0), std: .concatenate(moments.map(\.1), axis: 0),
            coordinates: coordinates)
    }

    /// In coordinates that only shift and scale each weight, codes are as independent as weights.
    public var diagonal: DiagonalGaussian? {
        guard coordinates.isElementwise else { return nil }
        func code(_ weights: Tensor) -> Tensor {
            coordinates.encode(weights.reshaped([1, mean.count])).reshaped([dimension])
        }
        return DiagonalGaussian(mean: code(mean), std: code(mean + std) - code(mean))
    }

    /// Draws weights and encodes them, [count, K].
    public func sample(_ count: Int, _ stream: inout RandomStream) -> Tensor {
        coordinates.encode(stream.normal([count, mean.count]) * std + mean)
    }
}

extension MatchedSource {
    /// Deviations as wide as the weights', times a factor.
    public struct Config: SourceConfig {
        /// Factor of each slot's deviation.
        public var scale = 1.0

        /// As wide as the weights.
        public init() {}

        /// What can be set.
        public static let keys = [ConfigKey("scale", .number(above: 0), "Factor of each slot's own standard deviation")]

        /// Each slot's mean and deviation.
        public func fit(_ weights: Tensor, in space: CodeSpace) throws -> any Source {
            MatchedSource(fitting: weights, layout: space.layout, scale: scale, coordinates: space.coordinates)
        }

        /// Means and deviations, [D].
        public func read(_ tensors: [NamedTensor], in space: CodeSpace) throws -> any Source {
            let count = space.coordinates.parameterCount
            return MatchedSource(
                mean: try space.find("source_mean", in: tensors) { $0.shape == [count] },
                std: try space.find("source_std", in: tensors) { $0.shape == [count] }, coordinates: space.coordinates)
        }

        /// The kind in a few words.
        public func summary(std: String) -> String { "Gaussian weights, a mean and deviation a slot" }
    }
}
