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
    private let make: @Sendable (_ zoo: BaselineSource, _ count: Int) -> BaselineMembers

    /// How charts group baselines: by colour and marker.
    public enum Group: String, Sendable, CaseIterable {
        case noise, average, gaussian, nearest, other
    }

    init(
        _ what: String, label: String, isRival: Bool, group: Group, leastZoo: Int,
        make: @escaping @Sendable (_ zoo: BaselineSource, _ count: Int) -> BaselineMembers
    ) {
        self.what = what
        self.label = label
        self.isRival = isRival
        self.group = group
        self.leastZoo = leastZoo
        self.make = make
    }

    /// Whether a zoo of `zooCount` networks is large enough.
    public func isPossible(zooCount: Int) -> Bool { zooCount >= leastZoo }

    /// `count` members (of retrieval as many as there are networks to look up); traps where the zoo is too small.
    ///
    /// Member i depends on the zoo, the seed and i alone, not on how many are made or by how many threads.
    public func members(of zoo: BaselineSource, count: Int) -> BaselineMembers {
        precondition(isPossible(zooCount: zoo.weights.shape[0]), "\(what): \(zoo.weights.shape[0]) networks")
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
    static let families: [Family] = [.noise, .average, .gaussianDiagonal, .gaussianFull, .nearestZoo]

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

        /// Noise from 0.001 to 0.1 and averages of 2 to 16, where nothing else is given.
        public init(noise: [Double] = [0.001, 0.01, 0.03, 0.1], averages: [Int] = [2, 4, 8, 16]) {
            self.noise = noise
            self.averages = averages
        }
    }

    /// All baselines of an evaluation, without those that a zoo of `zooCount` networks does not allow.
    public static func all(_ settings: Settings = Settings(), zooCount: Int) -> [Baseline] {
        families.flatMap { $0.members(settings) }.filter { $0.isPossible(zooCount: zooCount) }
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
    /// Codes to be decoded, [P, K].
    case codes(Tensor)
    /// Zoo networks as they are, by row.
    case zooRows([Int])
}
