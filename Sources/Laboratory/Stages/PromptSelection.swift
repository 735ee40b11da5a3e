import Basics
import Evaluation
import ModelZoo
import Networks
import Tensors

/// Chooses among networks that were asked for an accuracy those that have it, by validation rows: the rows on which the
/// column that the generator has learned was measured. Test rows take no part.
struct PromptSelection {
    private let data: JudgingData
    private let rows: (inputs: Tensor, labels: [Int32])

    /// Throws `DataError.configuration`, about the key that asks for it, where the data has no validation rows.
    init(_ data: JudgingData, key: String) throws {
        guard data.tasks == nil, let rows = data.validation else {
            throw DataError(
                .configuration, path: key, expected: "a zoo whose data has validation rows, to choose networks by",
                found: "none")
        }
        (self.data, self.rows) = (data, rows)
    }

    /// |asked - achieved| of each of the networks [P, D], NaN for one that gives what is not a number; running statistics
    /// that they do not bring, [P, bufferCount], are recomputed on training samples.
    func distances(of weights: Tensor, buffers: Tensor? = nil, from asked: Double) -> [Double] {
        Classifier(data.network)
            .accuracies(
                weights, buffers: buffers ?? data.recalibration?(weights), inputs: rows.inputs, labels: rows.labels
            )
            .map { abs($0 - asked) }
    }

    /// The `count` networks of a population that are nearest to what was asked, in the order they were drawn in; their
    /// file's account of where they come from says so.
    func nearest(_ count: Int, in zoo: Zoo, to asked: Double) -> Zoo {
        let places = distances(of: zoo.population(), buffers: zoo.bufferTensor(), from: asked).placesOfLeast(count)
        return zoo.select(rows: places).adding(
            .init("nearest \(places.count) of \(zoo.count) by \(PromptJudging.measured)"))
    }
}

extension [Double] {
    /// Where the `count` least numbers are, rising; all where there are fewer. What is not a number is the greatest; of
    /// equal ones the earlier is the lesser.
    func placesOfLeast(_ count: Int) -> [Int] {
        let order = indices.sorted { first, second in
            let (left, right) = (self[first], self[second])
            if left.isNaN || right.isNaN { return left.isNaN == right.isNaN ? first < second : right.isNaN }
            return left == right ? first < second : left < right
        }
        return order.prefix(count).sorted()
    }
}
