import Basics

/// What norms add to a variance before they divide: 1e-5 here and in PyTorch, 1e-3 in Keras.
struct NormEpsilon {
    /// That of the norms of all architectures.
    static let ours = 1e-5

    /// What was done, to be said once.
    private(set) var notes: [String] = []
    /// What could not be done.
    private(set) var warnings: [String] = []

    /// Adds the difference to the running variances, which computes the same; of norms without them it is only told.
    mutating func settle(_ tensors: inout [ForeignTensor]) {
        let statistics = Set(
            tensors.filter { TensorNames.leaf($0.name) == "running_var" }.map { TensorNames.module($0.name) })
        for index in tensors.indices {
            guard let epsilon = tensors[index].epsilon, epsilon != Self.ours else { continue }
            if TensorNames.leaf(tensors[index].name) == "running_var" {
                let values = tensors[index].values.doubles().map { Float($0 + (epsilon - Self.ours)) }
                tensors[index].values = ForeignValues(floats: values)
                tensors[index].epsilon = nil
                Self.tell(
                    &notes,
                    "batch norms have epsilon \(epsilon), and \(Self.ours) here: the difference was added to the "
                        + "running variances, which computes the same")
            } else if !statistics.contains(TensorNames.module(tensors[index].name)) {
                Self.tell(
                    &warnings,
                    "norms have epsilon \(epsilon), and are computed with \(Self.ours) here: outputs differ "
                        + "where variances are small")
            }
        }
    }

    private static func tell(_ list: inout [String], _ text: String) { if !list.contains(text) { list.append(text) } }
}
