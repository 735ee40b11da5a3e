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
    public func splits(
        of columns: ZooColumns, by column: String = Self.runColumn
    ) -> (splits: [ZooSplit], groups: [String]?) {
        guard let groups = columns.groups(by: column) else { return (splits(count: columns.count), nil) }
        return (splits(groups: groups), groups)
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
