import Basics
import Tensors

/// The conditions of the networks that a generator is trained on, one a network.
///
/// A network's support set is all that its task has: a training step draws some examples of it.
public struct TrainingConditions: Sendable {
    /// One a network.
    public let rows: [Condition]
    /// For each network the number of its condition, equal where conditions are.
    public let groups: [Int]
    private let config: ConditionsConfig

    /// Checks conditions, one a network. Throws `DataError` where `facts.check` does, naming the network.
    public init(_ rows: [Condition], facts: ConditionFacts, config: ConditionsConfig) throws {
        var numbers: [Condition: Int] = [:]
        groups = try rows.enumerated().map { index, row in
            if let number = numbers[row] { return number }
            do {
                try facts.check(row)
            } catch let error as DataError {
                throw error.about("network \(index)")
            }
            numbers[row] = numbers.count
            return numbers.count - 1
        }
        (self.rows, self.config) = (rows, config)
    }

    /// Whether at least half of the networks share their condition with another.
    public var repeats: Bool {
        var counts: [Int: Int] = [:]
        for group in groups { counts[group, default: 0] += 1 }
        return 2 * groups.count { counts[$0, default: 0] >= 2 } >= groups.count
    }

    /// Throws `DataError` for a coupling other than the independent one where conditions do not repeat: starts may only
    /// be exchanged among networks with the same condition, or the net would learn that the condition tells the start.
    func check(_ coupling: Coupling) throws {
        guard coupling != .independent, !repeats else { return }
        throw DataError(
            .configuration, path: "process.coupling.kind",
            expected: "independent with conditions that hardly any two networks share", found: coupling.kind,
            hint: "starts are matched within a condition only")
    }

    /// The conditions of a minibatch as the net is shown them: examples are drawn from the support sets, as many a class
    /// for all rows; with `encoder`, parts are left out at random.
    func draw(
        _ indices: [Int], leavingOutBy encoder: ConditionEncoder? = nil, _ stream: inout RandomStream
    ) -> [Condition] {
        var shown = 0
        if let settings = config.support.settings {
            shown = settings.fewest + stream.integer(below: settings.most - settings.fewest + 1)
        }
        return indices.map { index in
            var condition = rows[index]
            if let set = condition.support { condition.support = set.drawn(max(1, shown), &stream) }
            guard let encoder, config.dropout > 0 else { return condition }
            func isLeftOut() -> Bool { stream.uniform([1]).scalar < config.dropout }
            if isLeftOut() { return .none }
            return encoder.partCount > 1 ? encoder.without(condition, where: isLeftOut) : condition
        }
    }
}
