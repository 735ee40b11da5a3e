import Basics

extension TorchNetworkFinder {
    /// Keys under which checkpoints usually keep the weights, the clearest first.
    static let weightKeys = [
        "state_dict", "model_state_dict", "model_state", "net_state_dict", "network_state_dict", "model", "net",
        "network", "module", "model_weights", "weights", "params", "parameters",
    ]

    /// Whether an outermost key names what is no network: an optimizer's state, averages of weights, random states ...
    static func isBookkeeping(_ key: String) -> Bool {
        let lower = key.lowercased()
        return ["optim", "sched"].contains { lower.hasPrefix($0) }
            || ["optimizer", "scheduler", "scaler", "rng_state"].contains { lower.contains($0) }
            || ["ema", "amp", "hyper_parameters", "hparams", "callbacks", "loops", "args", "config"].contains(lower)
            || lower.hasPrefix("ema_") || lower.hasSuffix("_ema")
    }

    /// Whether keys are those of `optimizer.state_dict()`, which is no network whatever it is called.
    static func isOptimizer(_ keys: some Sequence<String>) -> Bool { Set(keys) == ["state", "param_groups"] }

    /// The tensor that a value is; nil for other values.
    func tensor(_ reference: PickleReference) -> PickleTensor? {
        if case .tensor(let tensor) = graph[reference] { tensor } else { nil }
    }

    /// Refuses a blank that stands for a tensor of a kind we do not read: leaving it out would change the network.
    func refuseUnread(_ reference: PickleReference, _ key: String) throws {
        guard case .object(let object) = graph[reference],
            object.global.module == "torch._utils" || object.global.module == "torch._tensor"
        else { return }
        throw DataError(
            .malformed, path: "\(path), \(key.printable())", expected: "a dense tensor",
            found: object.global.qualifiedName.printable(), hint: "convert it with PyTorch and save it again")
    }

    /// The entries that are a number, a short text, or (beside a network) a tensor of one number.
    func facts(
        _ entries: [(key: String, value: PickleReference)], numbers: Bool
    ) -> [String: TorchNetworkPlan.Fact] {
        var facts: [String: TorchNetworkPlan.Fact] = [:]
        for (key, value) in entries where key.utf8.count <= Self.longestText && facts.count < Self.mostFacts {
            switch graph[value] {
            case .bool(let value): facts[key] = .known(.integer(value ? 1 : 0))
            case .real(let value): facts[key] = .known(.real(value))
            case .integer(let value):
                if let narrow = Int64(exactly: value) {
                    facts[key] = .known(.integer(narrow))
                } else if let seed = UInt64(exactly: value) {
                    facts[key] = .known(.unsigned(seed))
                }
            case .text(let text) where text.utf8.count <= Self.longestText: facts[key] = .known(.text(text))
            case .tensor(let tensor) where numbers && tensor.count == 1 && tensor.type.element != nil:
                facts[key] = .number(tensor)
            default: break
            }
        }
        return facts
    }

    private static let longestText = 256
    private static let mostFacts = 256
}
