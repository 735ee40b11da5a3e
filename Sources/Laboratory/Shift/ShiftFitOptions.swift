import Basics

extension ShiftFitOperation {
    /// Throws `DataError` (configuration) where options exclude or need each other.
    func checkOptions() throws {
        guard model == nil || predictions.isEmpty else {
            throw refusal("--model", "excludes --predictions: there is one model in use", "give one of them")
        }
        if model == nil, row != nil {
            throw refusal("--row", "needs --model, whose row it is", "name the model's file")
        }
        if model == nil, architecture != nil {
            throw refusal("--architecture", "needs --model, which it describes", "name the model's file")
        }
        let roles =
            predictions.map { ("--predictions", $0) } + (settings.label.map { [("--label", $0)] } ?? [])
            + Set(settings.ignored).sorted().map { ("--ignore", $0) }
        var seen: [String: String] = [:]
        for (option, name) in roles {
            if let other = seen.updateValue(option, forKey: name) {
                throw refusal(
                    "\(option) \(name.printable())",
                    other == option ? "is named twice" : "is named by \(other) too, and a column has one part to play",
                    "leave it out of one of them")
            }
        }
    }

    private func refusal(_ path: String, _ problem: String, _ hint: String) -> DataError {
        DataError(.configuration, path: path, problem: problem, hint: hint)
    }
}
