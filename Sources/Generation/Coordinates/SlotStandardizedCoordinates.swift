import Basics
import Networks
import Tensors

/// Every tensor of a network by one mean and one standard deviation, over its entries and all training networks.
///
/// z = (u - mean_s) / std_s for the entries of slot s, with u the weight itself, or for a batch norm's running variance
/// v among the parameters u = log(v / (0.95 m_s) + 0.05), m_s the mean of v: variances are positive and spread over
/// orders of magnitude. Backwards v = 0.95 m_s (e^u - 0.05), and 0.001 at least.
///
/// Source: the preprocessing of p-diff (Wang et al., Neural network diffusion, 2024) as released. Where we differ: the
/// moments are those of all entries together, theirs are averaged over the networks; and no standard deviation is less
/// than a millionth of the largest, so that a tensor that never varies has codes of zero.
public struct SlotStandardizedCoordinates: StoredCoordinates {
    /// Numbers of the slots, in their order, [S] each.
    private let slotMean: Tensor
    private let slotStd: Tensor
    /// m_s of slots that are taken by their logarithm; 1 elsewhere.
    private let slotVariance: Tensor
    private let elements: StandardizedCoordinates
    private let logged: [LoggedSlot]

    /// Where running variances lie.
    private struct LoggedSlot: Sendable {
        var range: Range<Int>
        /// 0.95 m_s.
        var unit: Double
    }

    /// D.
    public var parameterCount: Int { elements.parameterCount }
    /// D.
    public var dimension: Int { elements.dimension }

    /// Fits rows [N, D]; nil where they are not finite. Traps unless N >= 1 and D >= 1 is the layout's.
    public init?(fitting rows: Tensor, layout: ParameterLayout, config: Config = Config()) {
        precondition(
            rows.rank == 2 && rows.count > 0 && rows.shape[1] == layout.count,
            "SlotStandardizedCoordinates: rows \(rows.shape) for a layout of \(layout.count)")
        func bySlot(_ columns: [Double]) -> [Double] {
            layout.slots.map { columns[$0.range].reduce(0, +) / Double(max($0.count, 1)) }
        }
        let raw = bySlot(ColumnMeans.of(rows))
        let isLogged = Self.isLogged(layout, config)
        let variances = zip(raw, isLogged).map { $1 && $0 > 0 ? $0 : 1 }
        let logged = Self.logged(layout, isLogged, variances)
        let u = Self.logarithms(rows, logged)
        let means = bySlot(ColumnMeans.of(u))
        let perElement = layout.slots.indices.flatMap { Array(repeating: means[$0], count: layout.slots[$0].count) }
        let squares = ColumnMeans.of(u) { block, columns in
            (block - Tensor(Array(perElement[columns]), shape: [1, columns.count])).square()
        }
        guard let stds = StandardizedCoordinates.floored(bySlot(squares).map { $0.squareRoot() }, share: 1e-6),
            means.allSatisfy(\.isFinite)
        else { return nil }
        func tensor(_ values: [Double]) -> Tensor { Tensor(values, shape: [values.count], precision: .single) }
        self.init(layout, isLogged, mean: tensor(means), std: tensor(stds), variance: tensor(variances))
    }

    /// Takes recorded tensors; throws a `DataError` unless they are this layout's, finite, and scales above zero.
    public init(layout: ParameterLayout, config: Config = Config(), tensors: [NamedTensor]) throws {
        let owner = "slot-standardized coordinates", shape: Shape = [layout.slots.count]
        self.init(
            layout, Self.isLogged(layout, config),
            mean: try tensors.fitted("mean", shape: shape, of: owner).converted(to: .single),
            std: try tensors.fittedScale("std", shape: shape, of: owner),
            variance: try tensors.fittedScale("variance", shape: shape, of: owner))
    }

    private init(_ layout: ParameterLayout, _ isLogged: [Bool], mean: Tensor, std: Tensor, variance: Tensor) {
        let slots = layout.slots.indices.flatMap { index in
            Array(repeating: Int32(truncatingIfNeeded: index), count: layout.slots[index].count)
        }
        (slotMean, slotStd, slotVariance) = (mean, std, variance)
        elements = StandardizedCoordinates(
            mean: mean.gathered(axis: 0, slots), std: std.gathered(axis: 0, slots))
        logged = Self.logged(layout, isLogged, variance.doubles)
    }

    /// `mean`, `std` and `variance` of the slots, [S] each.
    public var tensors: [NamedTensor] {
        [NamedTensor("mean", slotMean), NamedTensor("std", slotStd), NamedTensor("variance", slotVariance)]
    }

    /// Where no weight is seen by its logarithm.
    public var isElementwise: Bool { logged.isEmpty }

    /// Weights [N, D] to codes [N, D]. A running variance below zero counts as zero.
    public func encode(_ weights: Tensor) -> Tensor { elements.encode(Self.logarithms(weights, logged)) }

    /// Codes [N, D] to weights [N, D].
    public func decode(_ codes: Tensor) -> Tensor {
        Self.replacing(elements.decode(codes), logged) { u, slot in
            ((u.exp() - 0.05) * slot.unit).maximum(.full([], 1e-3, precision: codes.precision))
        }
    }

    private static func isLogged(_ layout: ParameterLayout, _ config: Config) -> [Bool] {
        layout.slots.map { config.logVariances && $0.name.hasSuffix("running_var") }
    }

    private static func logged(_ layout: ParameterLayout, _ isLogged: [Bool], _ variances: [Double]) -> [LoggedSlot] {
        layout.slots.indices.filter { isLogged[$0] }.map {
            LoggedSlot(range: layout.slots[$0].range, unit: 0.95 * variances[$0])
        }
    }

    private static func logarithms(_ rows: Tensor, _ logged: [LoggedSlot]) -> Tensor {
        replacing(rows, logged) { v, slot in (v.relu() / slot.unit + 0.05).log() }
    }

    /// Rows [N, D] with the columns of some slots replaced.
    private static func replacing(
        _ rows: Tensor, _ slots: [LoggedSlot], _ f: (Tensor, LoggedSlot) -> Tensor
    ) -> Tensor {
        var parts: [Tensor] = [], next = 0
        for slot in slots {
            parts.append(rows.sliced(axis: 1, next..<slot.range.lowerBound))
            parts.append(f(rows.sliced(axis: 1, slot.range), slot))
            next = slot.range.upperBound
        }
        if slots.isEmpty { return rows }
        parts.append(rows.sliced(axis: 1, next..<rows.shape[1]))
        return .concatenate(parts.filter { $0.shape[1] > 0 }, axis: 1)
    }
}

extension SlotStandardizedCoordinates {
    /// What to do besides centring and scaling.
    public struct Config: CoordinatesConfig {
        /// Whether slots named `running_var` are taken by their logarithm; of no effect where a layout has none. Only
        /// code can set it: written settings have no keys.
        public var logVariances = true

        /// With logarithms.
        public init() {}

        private enum CodingKeys: CodingKey {}
        /// No keys.
        public static let keys: [ConfigKey] = []

        /// One mean and scale for each slot; throws where weights are not finite.
        public func fit(
            _ rows: Tensor, validation: Tensor?, _ fitting: CoordinatesFitting
        ) throws -> any StoredCoordinates {
            try fitting.known(SlotStandardizedCoordinates(fitting: rows, layout: fitting.layout, config: self))
        }

        /// The recorded means and scales.
        public func read(_ tensors: [NamedTensor], _ fitting: CoordinatesFitting) throws -> any StoredCoordinates {
            try SlotStandardizedCoordinates(layout: fitting.layout, config: self, tensors: tensors)
        }

        /// Weights are in their places.
        public var keepsPlaces: Bool { true }
        /// Each slot is.
        public var isStandardized: Bool { true }
        /// The kind in a few words.
        public var shortName: String { "weights, standardised by slot" }
    }
}
