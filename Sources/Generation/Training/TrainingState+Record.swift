import Basics
import Networks
import Tensors

extension TrainingState {
    private static let (weights, first, second) = ("weights", "first_moment", "second_moment")
    private static let (averageName, keptName) = ("average", "kept")

    /// Weights, both moments, and the average and the kept weights where there are any; each [D].
    public var tensors: [NamedTensor] {
        var all = [
            NamedTensor(Self.weights, parameters), NamedTensor(Self.first, optimizer.moments.first),
            NamedTensor(Self.second, optimizer.moments.second),
        ]
        if let average { all.append(NamedTensor(Self.averageName, average)) }
        if let kept { all.append(NamedTensor(Self.keptName, kept)) }
        return all
    }

    /// Goes on from recorded tensors behind `step` steps with the same bytes as without the interruption.
    ///
    /// Throws a `DataError` unless the tensors are those of a state with `count` weights and the config's average.
    public init(
        tensors: [NamedTensor], counters: TrainingCounters, step: Int, count: Int, config: TrainingConfig
    ) throws {
        func find(_ name: String) -> Tensor? { tensors.first { $0.name == name && $0.value.shape == [count] }?.value }
        guard let weights = find(Self.weights), let first = find(Self.first), let second = find(Self.second), step >= 0,
            config.emaDecay == nil || step == 0 || find(Self.averageName) != nil
        else {
            throw DataError(
                .malformed, path: "training state",
                expected: "weights, moments\(config.emaDecay == nil ? "" : ", average") of \(count) numbers",
                found: tensors.map { "\($0.name) \($0.value.shape)" }.joined(separator: ", "),
                hint: "was it recorded with other settings?")
        }
        parameters = weights
        average = config.emaDecay == nil ? nil : find(Self.averageName)
        kept = find(Self.keptName)
        self.counters = counters
        optimizer = AdamW(
            step: step, firstMoment: first, secondMoment: second, betas: (0.9, config.beta2), decay: config.decay)
    }
}
