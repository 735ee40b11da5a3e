import Basics
import Networks
import Tensors

/// Weights with one mean and one scale a symmetry orbit taken out: z_i = (w_i - m_o(i)) / s_o(i).
///
/// All units of a layer share them, one pair for every input, output and bias that a unit has (`ParameterOrbits`), so
/// that standardising and permuting units commute: z of a permuted network is the permuted z. Statistics per entry
/// would break that, those per slot are coarser: pixels at an image's border and in its middle differ. An orbit whose
/// entries are all equal has scale 0: it is encoded as 0 and decoded as its mean, whatever the code says.
public struct OrbitStandardizedCoordinates: StoredCoordinates {
    /// Mean of every orbit's entries, [orbits].
    public let means: Tensor
    /// Their standard deviation over networks and units (divisor: their number), [orbits].
    public let scales: Tensor
    private let entryMeans: Tensor
    private let entryScales: Tensor
    private let inverseScales: Tensor

    /// D.
    public var dimension: Int { entryMeans.count }
    /// D.
    public var parameterCount: Int { entryMeans.count }

    /// Fits networks [N, D] of a layout; nil where a number is not finite. Traps unless N >= 1 and D is the layout's.
    public init?(fitting rows: Tensor, layout: ParameterLayout) {
        precondition(
            rows.rank == 2 && rows.shape[0] >= 1 && rows.shape[1] == layout.count,
            "OrbitStandardizedCoordinates: rows \(rows.shape) for a layout of \(layout.count)")
        let orbits = ParameterOrbits(layout)
        let values = rows.floats
        func averaged(_ term: (_ value: Double, _ orbit: Int) -> Double) -> [Double] {
            var sums = [Double](repeating: 0, count: orbits.count)
            var sizes = sums
            for orbit in orbits.indices { sizes[orbit] += Double(rows.shape[0]) }
            for start in stride(from: 0, to: values.count, by: layout.count) {
                for (entry, orbit) in orbits.indices.enumerated() {
                    sums[orbit] += term(Double(values[start + entry]), orbit)
                }
            }
            return zip(sums, sizes).map { $0 / $1 }
        }
        let means = averaged { value, _ in value }
        let variances = averaged { value, orbit in (value - means[orbit]) * (value - means[orbit]) }
        guard (means + variances).allSatisfy(\.isFinite) else { return nil }
        self.init(means: means.map(Float.init), scales: variances.map { Float($0.squareRoot()) }, orbits)
    }

    /// Takes recorded tensors `means` and `scales`, [orbits]; nil unless they fit the layout, are finite and no scale
    /// is negative.
    public init?(layout: ParameterLayout, tensors: [NamedTensor]) {
        let orbits = ParameterOrbits(layout)
        func find(_ name: String) -> [Float]? {
            guard let value = tensors.first(where: { $0.name == name })?.value, value.shape == [orbits.count] else {
                return nil
            }
            return value.floats.allSatisfy(\.isFinite) ? value.floats : nil
        }
        guard let means = find("means"), let scales = find("scales"), scales.allSatisfy({ $0 >= 0 }) else { return nil }
        self.init(means: means, scales: scales, orbits)
    }

    private init(means: [Float], scales: [Float], _ orbits: ParameterOrbits) {
        func entries(_ values: [Float]) -> Tensor {
            Tensor(orbits.indices.map { values[$0] }, shape: [orbits.indices.count])
        }
        self.means = Tensor(means, shape: [orbits.count])
        self.scales = Tensor(scales, shape: [orbits.count])
        entryMeans = entries(means)
        entryScales = entries(scales)
        inverseScales = entries(scales.map { $0 > 0 ? 1 / $0 : 0 })
    }

    /// Means and scales of the orbits.
    public var tensors: [NamedTensor] { [NamedTensor("means", means), NamedTensor("scales", scales)] }

    /// Each is.
    public var isElementwise: Bool { true }

    /// Weights [N, D] to codes [N, D].
    public func encode(_ weights: Tensor) -> Tensor { (weights - entryMeans) * inverseScales }

    /// Codes [N, D] to weights [N, D].
    public func decode(_ codes: Tensor) -> Tensor { codes * entryScales + entryMeans }
}

extension OrbitStandardizedCoordinates {
    /// No settings.
    public struct Config: CoordinatesConfig {
        /// Nothing to set.
        public init() {}
        /// No keys.
        public static let keys: [ConfigKey] = []

        /// One mean and scale for each orbit; throws where weights are not finite.
        public func fit(
            _ rows: Tensor, validation: Tensor?, _ fitting: CoordinatesFitting
        ) throws -> any StoredCoordinates {
            try fitting.known(OrbitStandardizedCoordinates(fitting: rows, layout: fitting.layout))
        }

        /// The recorded means and scales.
        public func read(_ tensors: [NamedTensor], _ fitting: CoordinatesFitting) throws -> any StoredCoordinates {
            try fitting.known(OrbitStandardizedCoordinates(layout: fitting.layout, tensors: tensors))
        }

        /// Weights are in their places.
        public var keepsPlaces: Bool { true }
        /// Each orbit is.
        public var isStandardized: Bool { true }
        /// The kind in a few words.
        public var shortName: String { "weights, standardised by orbit" }
    }
}

/// Which entries of a flat weight vector the layout's permutations can bring into each other's places.
///
/// Two entries share an orbit if they lie in the same slot and differ in nothing but which units they belong to: the
/// weights from one input pixel to all units of a hidden layer, say. Where one group permutes two axes of a slot, the
/// entries that join a unit with itself are an orbit apart from those that join two units.
public struct ParameterOrbits: Sendable, Hashable {
    /// The orbit of every entry, [D]; numbered in the order of their first entries.
    public let indices: [Int]
    /// Number of orbits.
    public let count: Int

    /// Reads a layout's groups.
    public init(_ layout: ParameterLayout) {
        var indices: [Int] = []
        indices.reserveCapacity(layout.count)
        var count = 0
        for slot in layout.slots {
            var numbers: [Int: Int] = [:]
            for key in Self.keys(slot) {
                let number = numbers[key] ?? count
                if number == count {
                    numbers[key] = number
                    count += 1
                }
                indices.append(number)
            }
        }
        (self.indices, self.count) = (indices, count)
    }

    /// A number for every entry of a slot, row-major, that is equal where the fixed parts of the position are.
    private static func keys(_ slot: Slot) -> [Int] {
        var keys = [0]
        // For every entry so far, the units of the axes that groups permute.
        var units: [[Int]] = [[]]
        for (axis, extent) in slot.shape.enumerated() {
            let (group, action) = (slot.axes[axis], slot.actions[axis])
            let count = extent / (action.repeats * action.block)
            let twins = (0..<axis).filter { slot.axes[$0] != nil && slot.axes[$0] == group }
            let tagged = (0..<axis).filter { slot.axes[$0] != nil }
            var nextKeys: [Int] = [], nextUnits: [[Int]] = []
            nextKeys.reserveCapacity(keys.count * extent)
            for (key, own) in zip(keys, units) {
                for index in 0..<extent {
                    guard group != nil else {
                        nextKeys.append(key * extent + index)
                        nextUnits.append(own)
                        continue
                    }
                    let unit = index / action.block % count
                    let place = index / (action.block * count) * action.block + index % action.block
                    var next = key * action.repeats * action.block + place
                    for twin in twins {
                        let other = tagged.firstIndex(of: twin).map { own[$0] }
                        next = next * 2 + (other == unit ? 1 : 0)
                    }
                    nextKeys.append(next)
                    nextUnits.append(own + [unit])
                }
            }
            (keys, units) = (nextKeys, nextUnits)
        }
        return keys
    }
}
