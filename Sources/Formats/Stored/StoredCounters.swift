/// Tensors of a network that count or measure and that no evaluation uses, known by their names and shapes.
struct StoredCounters {
    /// Which tensors they are.
    let places: Set<Int>
    /// A word on those that are not every network's; nil where there are none.
    let note: String?

    /// How often weights were averaged (`AveragedModel`): nobody needs to hear of it.
    private static let known: Set<String> = ["n_averaged"]
    /// What metrics of torchmetrics keep: counts of whole numbers, or sums beside them.
    private static let counts: Set<String> = [
        "tp", "fp", "tn", "fn", "confmat", "correct", "total", "count", "num_updates", "n_obs", "n_total",
        "min_value", "max_value", "sum_value", "mean_value", "update_count", "_update_count", "preds_sum",
        "sum_squared_error", "sum_abs_error", "sum_error", "measure_value",
    ]

    /// Finds them among a network's tensors.
    init(of tensors: [ForeignTensor]) {
        let means = Set(
            tensors.filter { TensorNames.leaf($0.name) == "mean_value" }.map { TensorNames.module($0.name) })
        var places: Set<Int> = []
        var named: [String] = []
        for (index, tensor) in tensors.enumerated() {
            let leaf = TensorNames.leaf(tensor.name)
            // Counters of batches are passed over by the importer, which keeps their names.
            if TensorNames.isCounter(tensor.name) { continue }
            guard !Self.known.contains(leaf) else {
                places.insert(index)
                continue
            }
            let isSingle = tensor.values.count == 1 && tensor.shape.count < 2
            let isWhole = !tensor.values.element.isReal
            // No weight is one whole number; a metric's counts are as many as there are classes.
            let isCounter = isSingle && isWhole && tensors.count > 1
            let isCount = Self.counts.contains(leaf) && (isWhole || isSingle)
            let isMeanWeight = leaf == "weight" && tensor.shape == [] && means.contains(TensorNames.module(tensor.name))
            guard isCounter || isCount || isMeanWeight else { continue }
            places.insert(index)
            named.append(tensor.name)
        }
        self.places = places
        note = named.isEmpty ? nil : "counters and metrics are no weights and were passed over: \(named.shownFirst())"
    }
}
