import Basics
import Foundation
import Generation
import ModelZoo
import Networks

/// A training that was interrupted, on disk: a record of its weights, moments and averages.
struct TrainingCheckpoint {
    let url: URL
    /// Where the weights of the net that is trained lie.
    let layout: ParameterLayout

    private struct Description: Codable {
        let layout: ParameterLayout
        let step: Int
        /// How long the training has taken.
        let seconds: Double
        let counters: TrainingCounters
    }

    /// Writes the state and the seconds that the training has taken, unless a number of the state is not finite.
    func write(_ state: TrainingState, seconds: Double = 0) throws {
        let tensors = state.tensors
        guard tensors.allSatisfy(\.value.isFinite) else { return }
        let description = Description(
            layout: layout, step: state.step, seconds: seconds, counters: state.counters)
        try TensorRecord(description, tensors).write(to: url.path)
    }

    /// Seconds that a training took up to its checkpoint at `url`; 0 where there is none.
    static func seconds(at url: URL) -> Double {
        let seconds = (try? TensorRecord<Description>(path: url.path))?.description.seconds ?? 0
        return seconds.isFinite ? max(0, seconds) : 0
    }

    /// The state, or nil where there is none. Throws `DataError` where the file is not one of this training.
    func read(_ config: TrainingConfig) throws -> TrainingState? {
        guard FileManager.default.fileExists(atPath: url.path) else { return nil }
        let record = try TensorRecord<Description>(path: url.path)
        guard record.description.layout.matches(layout) else {
            throw DataError(
                .malformed, path: url.path, expected: "a checkpoint of this training",
                found: "one of a net of \(record.description.layout.count) weights",
                hint: "remove the file to train from the start")
        }
        do {
            return try TrainingState(
                tensors: record.tensors, counters: record.description.counters, step: record.description.step,
                count: layout.count, config: config)
        } catch let error as DataError {
            throw error.about(url.path)
        }
    }

    /// Removes a checkpoint of the form that older versions wrote, a zoo file; false where there is none.
    func removeOldForm() -> Bool {
        let old = url.deletingPathExtension().appendingPathExtension("h5")
        return (try? FileManager.default.removeItem(at: old)) != nil
    }
}
