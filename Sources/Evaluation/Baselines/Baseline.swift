import Networks
import Tensors

/// A trivial way to make networks from a zoo, which a generator has to beat.
///
/// Each stands in a file of its own with one line in `families`: its name in files and for people, whether it is a
/// rival, how large a zoo it needs, and how its members are made.
public struct Baseline: Sendable {
    /// The name in files, with its parameter: `noise-0.01`, `average-4`, `gaussian-full`.
    public let what: String
    /// The name for people: "zoo + noise 0.01".
    public let label: String
    /// Whether a generator that is not better than this one has not earned its keep: what is made anew is a rival,
    /// copies of zoo networks are not.
    public let isRival: Bool
    /// How charts group it.
    public let group: Group
    /// The smallest zoo that it can be made from.
    public let leastZoo: Int
    /// What it must know of the networks beside their weights.
    let needs: Needs
    private let make: @Sendable (_ zoo: BaselineSource, _ count: Int) -> BaselineMembers

    /// How charts group baselines: by colour and marker.
    public enum Group: String, Sendable, CaseIterable {
        case noise, average, gaussian, nearest, other
    }

    /// What a baseline must know of the networks beside their weights and codes.
    enum Needs: Int, Sendable {
        /// Nothing.
        case nothing
        /// Where units lie.
        case layout
        /// What statistics their units have on training rows.
        case repair
    }

    init(
        _ what: String, label: String, isRival: Bool, group: Group, leastZoo: Int, needs: Needs = .nothing,
        make: @escaping @Sendable (_ zoo: BaselineSource, _ count: Int) -> BaselineMembers
    ) {
        self.what = what
        self.label = label
        self.isRival = isRival
        self.group = group
        self.leastZoo = leastZoo
        self.needs = needs
        self.make = make
    }

    /// Whether a zoo of `zooCount` networks is large enough.
    public func isPossible(zooCount: Int) -> Bool { zooCount >= leastZoo }

    /// Whether the source has enough networks, and all that has to be known of them.
    public func isPossible(from source: BaselineSource) -> Bool {
        let known: Needs = source.layout == nil ? .nothing : source.repair == nil ? .layout : .repair
        return isPossible(zooCount: source.weights.shape[0]) && needs.rawValue <= known.rawValue
    }

    /// `count` members (of retrieval as many as there are networks to look up); traps where the zoo is too small.
    ///
    /// Member i depends on the zoo, the seed and i alone, not on how many are made or by how many threads.
    public func members(of zoo: BaselineSource, count: Int) -> BaselineMembers {
        precondition(isPossible(from: zoo), "\(what): \(zoo.weights.shape[0]) networks, or too little known of them")
        return make(zoo, count)
    }
}

extension Baseline: Hashable {
    /// Two baselines are one where their names in files are.
    public static func == (left: Baseline, right: Baseline) -> Bool { left.what == right.what }

    /// Hashes the name in files.
    public func hash(into hasher: inout Hasher) { hasher.combine(what) }
}

extension Baseline {
    /// Every family of baselines, in the order in which they are judged and reported.
    static let families: [Family] = [
        .noise, .average, .repairedAverage, .gaussianDiagonal, .gaussianFull, .recombined, .initialization, .nearestZoo,
        .retrievalNoise,
    ]

    /// Baselines that differ in a parameter alone, or a single one that has none.
    struct Family: Sendable {
        /// The members that an evaluation with these settings judges.
        let members: @Sendable (Settings) -> [Baseline]
        /// Finds a member by its name in files; nil for a name that is none of this family's.
        let named: @Sendable (Substring) -> Baseline?

        /// A baseline without a parameter.
        init(_ baseline: Baseline) {
            members = { _ in [baseline] }
            named = { $0 == baseline.what ? baseline : nil }
        }

        /// Baselines named `prefix-parameter`.
        init<Parameter: LosslessStringConvertible>(
            prefix: String, _ values: @escaping @Sendable (Settings) -> [Parameter],
            _ baseline: @escaping @Sendable (Parameter) -> Baseline?
        ) {
            members = { values($0).compactMap(baseline) }
            named = { name in
                guard name.hasPrefix(prefix + "-") else { return nil }
                return Parameter(String(name.dropFirst(prefix.count + 1))).flatMap(baseline)
            }
        }
    }

    /// What an evaluation says of the families that have a parameter.
    public struct Settings: Sendable, Equatable {
        /// Standard deviations of the noise.
        public var noise: [Double]
        /// How many networks each average takes.
        public var averages: [Int]
        /// From how many networks units are recombined.
        public var recombinations: [Int]
        /// Standard deviations of the noise on the nearest zoo networks.
        public var retrievalNoise: [Double]

        /// Noise from 0.001 to 0.1, averages of 2 to 64, units of 16 networks and noise of 0.1 on the nearest ones, where
        /// nothing else is given.
        public init(
            noise: [Double] = [0.001, 0.01, 0.03, 0.1], averages: [Int] = [2, 4, 8, 16, 64],
            recombinations: [Int] = [16], retrievalNoise: [Double] = [0.1]
        ) {
            (self.noise, self.averages) = (noise, averages)
            (self.recombinations, self.retrievalNoise) = (recombinations, retrievalNoise)
        }
    }

    /// All baselines of an evaluation that can be made from the source.
    public static func all(_ settings: Settings = Settings(), from source: BaselineSource) -> [Baseline] {
        families.flatMap { $0.members(settings) }.filter { $0.isPossible(from: source) }
    }

    /// The baseline of a name in files; nil where there is no such baseline.
    public init?(what: String) {
        for family in Self.families {
            guard let baseline = family.named(Substring(what)) else { continue }
            self = baseline
            return
        }
        return nil
    }
}

/// What baselines are made from.
public struct BaselineSource: Sendable {
    /// Aligned training networks, [N, D].
    public let weights: Tensor
    /// The same with scales and signs of hidden units in normal form *before* units were matched, [N, D]: what averages
    /// and recombinations are made of, once units are matched to the first network that takes part. Traps on another
    /// shape.
    public var balanced: Tensor {
        didSet {
            precondition(
                balanced.shape == weights.shape, "BaselineSource: balanced \(balanced.shape), weights \(weights.shape)")
        }
    }
    /// Where units lie in the weights; nil where that is not known.
    public var layout: ParameterLayout?
    /// Repairs averages of `balanced`; nil where networks cannot be run.
    public var repair: AverageRepair?
    /// The training networks' codes, [N, K].
    public let codes: Tensor
    /// The seed of all draws.
    public let seed: UInt64
    /// For each generated network the zoo row nearest to it, where it has one.
    public var nearest: [Int]

    /// Takes aligned rows [N, D] with their codes [N, K]; traps unless N >= 1.
    public init(weights: Tensor, codes: Tensor, seed: UInt64, nearest: [Int] = []) {
        precondition(
            weights.rank == 2 && weights.shape[0] >= 1 && codes.rank == 2 && codes.shape[0] == weights.shape[0],
            "BaselineSource: weights \(weights.shape), codes \(codes.shape)")
        self.weights = weights.detached
        balanced = self.weights
        self.codes = codes
        self.seed = seed
        self.nearest = nearest
    }

    /// The random numbers of member `index`. The purpose is hashed into the draws: its text never changes.
    func stream(_ purpose: String, _ index: Int) -> RandomStream {
        RandomStream(seed: seed, purpose: "baseline.\(purpose)", index: UInt64(index))
    }

    func row(_ index: Int) -> Tensor { weights.selected(axis: 0, index) }

    /// Vectors [width] as rows [n, width].
    static func stack(_ rows: [Tensor], width: Int) -> Tensor {
        guard !rows.isEmpty else { return .zeros([0, width]) }
        return .concatenate(rows.map { $0.reshaped([1, width]) }, axis: 0)
    }
}

/// The members of a baseline, in the form in which it makes them.
public enum BaselineMembers: Sendable {
    /// Weights in the zoo's frame, [P, D].
    case weights(Tensor)
    /// Averages, [P, D], and the zoo rows that each was made of.
    case averages(Tensor, of: [AverageMembers])
    /// Codes to be decoded, [P, K].
    case codes(Tensor)
    /// Zoo networks as they are, by row.
    case zooRows([Int])
}
