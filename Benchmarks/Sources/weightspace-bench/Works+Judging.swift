import Evaluation
import Networks
import Tensors

extension Works {
    /// How many networks are judged beside how many, and on how many inputs.
    struct Judging: Sendable {
        var zoo: Int, fresh: Int, generated: Int, inputs: Int
    }

    /// Judging networks: accuracies and predictions on test and validation inputs, distances up to symmetry, overlaps,
    /// for the zoo itself, fresh and generated networks.
    static func judging(_ architecture: Architecture, _ size: Judging, _ repeats: Int) throws -> [Double] {
        let (layout, features) = (architecture.layout, architecture.input.count)
        var stream = RandomStream(seed: 0, purpose: "bench.judging")
        let (test, validation) = (stream.normal([size.inputs, features]), stream.normal([size.inputs, features]))
        let labels = (0..<size.inputs).map { _ in Int32(stream.integer(below: 10)) }
        func weights(_ first: Int, _ count: Int) -> Tensor {
            Initialization.pytorch.population(layout, seeds: (first..<(first + count)).map { UInt64($0) })
        }
        let zoo = weights(0, size.zoo), fresh = weights(size.zoo, size.fresh)
        let generated = weights(size.zoo + size.fresh, size.generated)
        let classifier = Classifier(architecture.network)
        return try time(repeats) {
            let frame = try SymmetryFrame(reference: Array(zoo.floats.prefix(layout.count)), layout: layout)
            func judged(_ weights: Tensor) throws -> JudgedPopulation {
                JudgedPopulation(
                    networks: try frame.place(weights), predictions: classifier.predictions(weights, inputs: test),
                    validationAccuracies: classifier.accuracies(weights, inputs: validation, labels: labels))
            }
            let evaluation = EnsembleEvaluation(
                frame: frame, zoo: try judged(zoo), fresh: try judged(fresh), labels: labels)
            _ = (
                evaluation.judgeZoo(), evaluation.judgeFresh(), evaluation.judge(try judged(generated), as: .generated)
            )
        }
    }
}
