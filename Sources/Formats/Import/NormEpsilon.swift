import Basics
import Networks

/// What norms add to a variance before they divide: 1e-5 here and in PyTorch, 1e-3 in Keras, and of layer norms 1e-6 in
/// Flax and in vision transformers, here too.
struct NormEpsilon {
    /// That of the architecture's norms.
    private let ours: Double

    /// What was done, to be said once.
    private(set) var notes: [String] = []
    /// What could not be done.
    private(set) var warnings: [String] = []

    init(_ architecture: Architecture) { ours = architecture.config is VisionTransformer.Config ? 1e-6 : 1e-5 }

    /// Notes what Flax's layer norms have unless a class says otherwise; its batch norms have PyTorch's.
    private static func addFlax(_ tensors: inout [ForeignTensor]) {
        let words = LayerWords(tensors.map(\.name))
        guard words.areForeign, tensors.allSatisfy({ $0.epsilon == nil }) else { return }
        let modules = words.readings.map { TensorNames.module($0.name).replacing("batch_stats.", with: "params.") }
        let statistics = Set(
            zip(modules, words.readings).filter { TensorNames.isBuffer($0.1.name) }.map(\.0))
        for (index, reading) in words.readings.enumerated() where tensors[index].name.hasSuffix("scale") {
            guard TensorNames.leaf(reading.name) == "weight", tensors[index].shape.count == 1,
                !statistics.contains(modules[index])
            else { continue }
            tensors[index].epsilon = 1e-6
        }
    }

    /// Adds the difference to the running variances, which computes the same; of norms without them it is only told.
    mutating func settle(_ tensors: inout [ForeignTensor]) {
        Self.addFlax(&tensors)
        let statistics = Set(
            tensors.filter { TensorNames.leaf($0.name) == "running_var" }.map { TensorNames.module($0.name) })
        for index in tensors.indices {
            guard let epsilon = tensors[index].epsilon, epsilon != ours else { continue }
            if TensorNames.leaf(tensors[index].name) == "running_var" {
                let values = tensors[index].values.doubles().map { Float($0 + (epsilon - ours)) }
                tensors[index].values = ForeignValues(floats: values)
                tensors[index].epsilon = nil
                Self.tell(
                    &notes,
                    "batch norms have epsilon \(epsilon), and \(ours) here: the difference was added to the "
                        + "running variances, which computes the same")
            } else if !statistics.contains(TensorNames.module(tensors[index].name)) {
                Self.tell(
                    &warnings,
                    "norms have epsilon \(epsilon), and are computed with \(ours) here: outputs differ "
                        + "where variances are small")
            }
        }
    }

    private static func tell(_ list: inout [String], _ text: String) { if !list.contains(text) { list.append(text) } }
}
