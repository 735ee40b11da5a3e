/// What names of tensors tell: what belongs to the network, and which wrappers stand around it.
enum TensorNames {
    /// Wrappers around a network's tensors, as checkpoints and training frameworks add them.
    private static let wrappers: Set<String> = [
        "module", "model", "net", "network", "state_dict", "model_state_dict", "model_state", "weights", "params",
        "_orig_mod",
    ]
    /// Keys of a checkpoint that are not the network's. Words that modules bear too (`scaler`, `scheduler`) are none.
    private static let others: Set<String> = [
        "optimizer", "optimizer_state", "optimizer_state_dict", "optim", "optimizers", "optimizer_states",
        "scheduler_state_dict", "lr_scheduler", "lr_schedulers", "rng_state", "cuda_rng_state",
    ]
    private static let buffers: Set<String> = ["running_mean", "running_var"]

    /// Whether a tensor is a batch norm's counter of training batches: no evaluation uses it, a state dict must have it.
    static func isCounter(_ name: String) -> Bool { leaf(name) == "num_batches_tracked" }

    /// What training on several devices, compiling and averaging (`AveragedModel`) put before all names.
    private static let parallel = ["module.", "_orig_mod."]

    /// The names without what training on several devices or compiling puts before all of them, and without `more`.
    static func withoutParallel(_ names: [String], more: [String] = []) -> [String] {
        var names = names
        while let prefix = (parallel + more).first(where: { prefix in
            !names.isEmpty && names.allSatisfy { $0.hasPrefix(prefix) }
        }) {
            names = names.map { String($0.dropFirst(prefix.count)) }
        }
        return names
    }

    /// Whether a tensor is a running statistic.
    static func isBuffer(_ name: String) -> Bool { buffers.contains(leaf(name)) }

    /// The part after the last dot.
    static func leaf(_ name: String) -> String { name.split(separator: ".").last.map(String.init) ?? name }

    /// All before the last dot; empty where there is none.
    static func module(_ name: String) -> String {
        name.lastIndex(of: ".").map { String(name[..<$0]) } ?? ""
    }

    /// The outermost keys among names (`optimizer` of `optimizer.state.0.exp_avg`) that are an optimizer's and the
    /// like; none where the other tensors do not all stand under one wrapper (`model.0.weight`), since then the names
    /// are those of modules, whatever they are called.
    static func otherKeys(_ names: [String]) -> Set<String> {
        let keys = names.map { name in name.firstIndex(of: ".").map { String(name[..<$0]) } ?? "" }
        let own = Set(keys).subtracting(others)
        guard own.count == 1, own.isSubset(of: wrappers) else { return [] }
        return others.intersection(keys)
    }

    /// The names as they are, then without one wrapper after the other, as long as all bear the same one.
    static func unwrapped(_ names: [String]) -> [[String]] {
        var forms = [names]
        while let current = forms.last, let first = current.first, let dot = first.firstIndex(of: ".") {
            let wrapper = first[..<dot]
            guard wrappers.contains(String(wrapper)), current.allSatisfy({ $0.hasPrefix("\(wrapper).") }) else { break }
            forms.append(current.map { String($0.dropFirst(wrapper.count + 1)) })
        }
        return forms
    }
}
