import Basics
import Foundation
import Generation
import ModelZoo
import Networks

/// A training that was interrupted, on disk: a zoo file whose rows are the weights, moments and averages.
struct TrainingCheckpoint {
    let url: URL
    /// Where the weights of the net that is trained lie.
    let layout: ParameterLayout

    /// Writes the state and the seconds that the training has taken, unless a number of the state is not finite.
    func write(_ state: TrainingState, seconds: Double = 0) throws {
        let tensors = state.tensors
        guard tensors.allSatisfy(\.value.isFinite) else { return }
        var columns = ZooColumns(count: tensors.count)
        columns["name"] = .text(tensors.map(\.name))
        columns["step"] = .integer(Array(repeating: Int64(state.step), count: tensors.count))
        columns["seconds"] = .real(Array(repeating: seconds, count: tensors.count))
        let counters = try Tree(encoding: state.counters).text()
        columns["counters"] = .text(Array(repeating: counters, count: tensors.count))
        let weights = tensors.flatMap(\.value.floats)
        try ZooWriter.write(Zoo(header: ZooHeader(layout: layout), weights: weights, columns: columns), to: url.path)
    }

    /// Seconds that a training took up to its checkpoint at `url`; 0 where there is none.
    static func seconds(at url: URL) -> Double {
        let seconds = (try? ZooReader(path: url.path))?.columns.numbers("seconds")?.first ?? 0
        return seconds.isFinite ? max(0, seconds) : 0
    }

    /// The state, or nil where there is none. Throws `DataError` where the file is not one of this training.
    func read(_ config: TrainingConfig) throws -> TrainingState? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let zoo = try ZooReader(path: url.path).readAll()
        guard zoo.layout.matches(layout), case .text(let names)? = zoo.columns["name"],
            case .integer(let steps)? = zoo.columns["step"], let step = steps.first.flatMap({ Int(exactly: $0) }),
            case .text(let texts)? = zoo.columns["counters"],
            let counters = try? JSONDecoder().decode(TrainingCounters.self, from: Data((texts.first ?? "").utf8))
        else {
            throw DataError(
                .malformed, path: url.path, expected: "a checkpoint of this training", found: "\(zoo.count) rows",
                hint: "remove the file to train from the start")
        }
        let rows = names.indices.map { NamedTensor(names[$0], zoo.population([$0]).reshaped([layout.count])) }
        do {
            return try TrainingState(
                tensors: rows, counters: counters, step: step, count: layout.count, config: config)
        } catch let error as DataError {
            throw error.about(url.path)
        }
    }
}
