import Basics
import Evaluation
import Networks
import Tensors

extension ExperimentRun {
    /// The generated networks of least training loss, one in so many of them for each of the settings' selections: rows
    /// beside the whole, which alone is judged by the verdict.
    ///
    /// One in k costs k times the sampling. The loss is that of the networks as they were drawn, on the training rows that a
    /// finish would look at; test and validation rows take no part.
    func selections(of generated: Population, _ data: JudgingData) -> [Population] {
        let numbers = config.evaluation.selections
        guard !numbers.isEmpty, data.training.count > 0 else { return [] }
        let rows = TrainingRows(data.training, count: Finish.Statistics().rows)
        let losses = Classifier(data.network).losses(
            generated.weights, buffers: generated.buffers ?? data.recalibration?(generated.weights),
            inputs: rows.inputs, labels: rows.labels, classes: data.classCount)
        return numbers.compactMap { generated.selected(oneIn: $0, losses: losses) }
    }
}

extension Population {
    /// The networks of least loss, one in `number` of them, in the order they were drawn in; nil where that leaves fewer
    /// than two. A loss that is not a number is the greatest; of equal losses the earlier network is the better.
    func selected(oneIn number: Int, losses: [Double]) -> Population? {
        precondition(
            losses.count == weights.shape[0] && number >= 1, "selection: \(losses.count) losses, 1 in \(number)")
        let kept = losses.count / number
        guard kept >= 2 else { return nil }
        let rows = losses.placesOfLeast(kept).map(Int32.init)
        return Population(
            kind: .selected(oneIn: number), weights: weights.gathered(axis: 0, rows),
            buffers: buffers?.gathered(axis: 0, rows), codes: codes?.gathered(axis: 0, rows))
    }
}
