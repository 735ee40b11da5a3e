import Basics
import Networks
import Tensors

/// A net whose weights are found in closed form and not trained.
public protocol FittedNet: VelocityNet {
    /// The weights for runs, [layout.count]. Throws `DataError` where they leave something open.
    func fitted(to runs: Trajectories) throws -> Tensor
}

/// The velocity v = -grad V of quadratic potentials, V(x, t) = x' A_m x / 2 + b_m' x with m = 1 ... M the interval
/// (m - 1) / M < t <= m / M in which t lies.
///
/// Fitted by `QuadraticPotential` to the pairs of checkpoints the later of which stands in the interval. x: [B, K].
public struct QuadraticPotentialNet: FittedNet {
    /// Where the parameters lie: A, [M K, K], and b, [M, K].
    public let layout: ParameterLayout
    /// K.
    public let dimension: Int
    /// Which curvatures are looked for, how many intervals there are, and how strong the ridge is.
    public let config: Config
    private let curvatures: Slot
    private let tilts: Slot

    /// Declares the potentials of codes of length `dimension`. Traps unless that is positive.
    public init(dimension: Int, config: Config = Config()) {
        precondition(dimension > 0, "QuadraticPotentialNet: dimension \(dimension)")
        var builder = ParameterLayout.Builder()
        curvatures = builder.addSlot(
            "curvatures", shape: [config.intervals * dimension, dimension], role: .weight)
        tilts = builder.addSlot("tilts", shape: [config.intervals, dimension], role: .bias)
        layout = builder.layout()
        (self.dimension, self.config) = (dimension, config)
    }

    /// No potential.
    public func initialParameters(seed: UInt64) -> Tensor { .zeros([layout.count]) }

    /// Throws `DataError` where no pair of checkpoints ends in an interval, or the codes are not finite.
    public func fitted(to runs: Trajectories) throws -> Tensor {
        let all = Transitions(of: runs)
        let found = try (0..<config.intervals).map { index -> QuadraticPotential in
            let parts = Double(config.intervals)
            let pairs = all.ending(in: (Double(index) / parts + Self.margin, Double(index + 1) / parts + Self.margin))
            guard !pairs.endTimes.isEmpty else {
                throw DataError(
                    .configuration, path: "generator.intervals",
                    expected: "intervals in each of which a checkpoint stands", found: "none in interval \(index + 1)",
                    hint: "take fewer intervals, or record more checkpoints")
            }
            guard let potential = QuadraticPotential(fitting: pairs, form: config.form, ridge: config.ridge) else {
                throw DataError(.malformed, path: "generator", problem: "the runs' codes are not finite")
            }
            return potential
        }
        let parts = found.map(\.curvature) + found.map { $0.tilt.reshaped([1, dimension]) }
        return Tensor.concatenate(parts.map { $0.reshaped([$0.count]) }, axis: 0).converted(to: .single)
    }

    /// Times are known in single precision; they count to the interval that ends this little before them.
    private static let margin = 1e-5

    /// v(x, t): [B, K] and [B, 1] to [B, K].
    public func callAsFunction(
        _ parameters: Parameters, _ input: VelocityInput, _ pass: inout ForwardPass
    ) -> Tensor {
        let x = input.x, all = parameters[curvatures]
        let places = input.t.detached.doubles.map { time -> Int in
            let parts = Double(config.intervals)
            return max(0, min(config.intervals - 1, Int(((time - Self.margin) * parts).rounded(.up)) - 1))
        }
        let sums = Set(places).sorted().map { place -> Tensor in
            let curvature = all.sliced(axis: 0, (place * dimension)..<((place + 1) * dimension))
            let tilt = parameters[tilts].sliced(axis: 0, place..<(place + 1))
            let mask = Tensor(places.map { $0 == place ? -1.0 : 0 }, shape: [places.count, 1], precision: x.precision)
            return (matmul(x, curvature) + tilt) * mask
        }
        return sums.dropFirst().reduce(sums[0], +)
    }
}

extension QuadraticPotentialNet {
    /// The form of the potentials.
    public struct Config: VelocityNetConfig {
        /// Which curvatures are looked for.
        public var form = QuadraticPotential.Form.full
        /// Intervals of time with a potential each; 1 is one potential for all times.
        public var intervals = 1
        /// Ridge on the curvature, in units of the codes' mean variance.
        public var ridge = 0.01

        /// One full quadratic form with JKOnet*'s ridge.
        public init() {}

        /// What can be set.
        public static let keys = [
            ConfigKey(
                "form", .choice(QuadraticPotential.Form.allCases.map(\.rawValue)), "Which curvatures are looked for"),
            ConfigKey(
                "intervals", .integer(1...1000),
                "Equal intervals of time with a potential each; 1: the same at all times"),
            ConfigKey(
                "ridge", .number(atLeast: 0, atMost: 1e6),
                "Ridge on the curvature in units of the codes' mean variance; in one dimension it shrinks by 1 / (1 + ridge)"
            ),
        ]

        /// The net for codes of any networks.
        public func net(dimension: Int, layout: ParameterLayout) throws -> any VelocityNet {
            QuadraticPotentialNet(dimension: dimension, config: self)
        }

        /// Its weights are found in closed form.
        public var isFitted: Bool { true }
        /// The kind with its form.
        public var label: String { "\(form.rawValue) quadratic potential" }
        /// M.
        public var size: (name: String, value: Int) { ("intervals", intervals) }
    }
}
