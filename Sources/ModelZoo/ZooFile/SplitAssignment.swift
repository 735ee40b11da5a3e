import Tensors

/// Draws the split of a zoo's networks: by group, so that no run stands in two splits.
public struct SplitAssignment: Sendable, Equatable {
    /// Share of the groups for validation, 0-1.
    public var validation: Double
    /// Share of the groups that stay fresh, 0-1.
    public var test: Double
    /// Key of the draw.
    public var seed: UInt64

    /// 70 % for training, 10 % for validation, 20 % fresh; traps where shares are negative or exceed 1 together.
    public init(validation: Double = 0.1, test: Double = 0.2, seed: UInt64 = 0) {
        precondition(
            validation >= 0 && test >= 0 && validation + test <= 1, "split: shares \(validation) and \(test)")
        self.validation = validation
        self.test = test
        self.seed = seed
    }

    /// The split of each of `count` networks that stand for themselves.
    public func splits(count: Int) -> [ZooSplit] { splits(groups: Array(0..<count)) }

    /// The split of each network, given the group of each: all networks of a group get the same one.
    ///
    /// Groups are counted in the order of their first networks; a random order of them gives the first
    /// floor(test * groups) to the test split, the next floor(validation * groups) to validation, the rest to training.
    public func splits(groups: [some Hashable]) -> [ZooSplit] {
        var places: [AnyHashable: Int] = [:]
        let numbers = groups.map { group in
            let next = places.count
            return places[AnyHashable(group)]
                ?? {
                    places[AnyHashable(group)] = next; return next
                }()
        }
        var stream = RandomStream(seed: seed, purpose: "zoo.split")
        let order = stream.permutation(places.count)
        let held = Self.share(test, of: places.count)
        let chosen = min(Self.share(validation, of: places.count), places.count - held)
        var kinds = [ZooSplit](repeating: .train, count: places.count)
        for (rank, group) in order.enumerated() where rank < held + chosen {
            kinds[group] = rank < held ? .test : .validation
        }
        return numbers.map { kinds[$0] }
    }

    /// The split of each network of a zoo by its column `column`, or each by itself where there is no such column; and
    /// the groups that stayed together, if any.
    ///
    /// `copies` gives for each network the first one that is equal to it: equal ones get the same split, too.
    public func splits(
        of columns: ZooColumns, by column: String = Self.runColumn, copies: [Int] = []
    ) -> (splits: [ZooSplit], groups: [String]?) {
        let groups = columns.groups(by: column)
        guard copies.indices.contains(where: { copies[$0] != $0 }) else {
            return (groups.map { splits(groups: $0) } ?? splits(count: columns.count), groups)
        }
        return (splits(groups: Self.joined(groups, copies)), groups)
    }

    /// For each network the first one that it is tied to, by groups or as a copy, whatever is between them.
    private static func joined(_ groups: [String]?, _ copies: [Int]) -> [Int] {
        var roots = Array(copies.indices)
        func root(_ network: Int) -> Int {
            var place = network
            while roots[place] != place { place = roots[place] }
            return place
        }
        func tie(_ one: Int, _ other: Int) {
            let (first, second) = (root(one), root(other))
            roots[max(first, second)] = min(first, second)
        }
        var firsts: [String: Int] = [:]
        for network in copies.indices {
            tie(copies[network], network)
            guard let group = groups?[network] else { continue }
            tie(firsts[group] ?? network, network)
            firsts[group] = firsts[group] ?? network
        }
        return copies.indices.map(root)
    }

    /// The column whose networks stay together unless another is asked for: checkpoints of a run are near-copies.
    public static let runColumn = "run"

    /// The whole part of a share, without the dust of binary arithmetic: 0.29 of 100 is 29.
    private static func share(_ share: Double, of count: Int) -> Int {
        Int((share * Double(count) + 1e-9).rounded(.down))
    }
}

extension ZooColumns {
    /// The group of each network by a column: its values, or, where a value is missing, the network by itself.
    ///
    /// Nil where there is no such column.
    public func groups(by name: String) -> [String]? {
        guard let column = self[name] else { return nil }
        return switch column {
        case .text(let values): values.indices.map { values[$0].isEmpty ? "#\($0)" : "=\(values[$0])" }
        case .integer(let values): values.indices.map { values[$0] == -1 ? "#\($0)" : "=\(values[$0])" }
        case .unsigned(let values): values.map { "=\($0)" }
        case .real(let values): values.indices.map { values[$0].isNaN ? "#\($0)" : "=\(values[$0])" }
        }
    }
}
