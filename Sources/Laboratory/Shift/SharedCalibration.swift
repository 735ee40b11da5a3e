import Basics
import Foundation
import Ranks
import ShiftDetection

/// Measuring how large a shift a detector finds, as work that all ranks do together: each fits the same detector and judges
/// the samples of some halves of the reference (``RankSharing``).
struct SharedCalibration: SharedWork {
    struct Description: Codable {
        let reference: String
        let training: String?
        let predictions: [String]
        let model: String?
        let row: Int?
        let architecture: String?
        let classes, missing: [String]
        let settings: DetectorSettings
        let cases: Int
        /// Sizes of samples that are still to be measured.
        let sizes: [Int]
    }

    static let name = "measuring what a detector finds"
    let description: Description

    init(_ description: Description) { self.description = description }

    init(_ fit: ShiftFitOperation, sizes: [Int]) {
        description = Description(
            reference: fit.reference, training: fit.training, predictions: fit.predictions, model: fit.model,
            row: fit.row, architecture: fit.architecture, classes: fit.classes, missing: fit.missing,
            settings: fit.settings, cases: fit.cases, sizes: sizes)
    }

    func join(_ communicator: any Communicator) throws {
        var fit = ShiftFitOperation(reference: description.reference, out: URL(fileURLWithPath: "/"))
        (fit.training, fit.predictions, fit.model) = (description.training, description.predictions, description.model)
        (fit.row, fit.architecture) = (description.row, description.architecture)
        (fit.classes, fit.missing, fit.settings) = (description.classes, description.missing, description.settings)
        try RankSharing(communicator).follow { [fit] sharing in
            let detector = try fit.fitted(SilentProgress()).detector
            for size in description.sizes {
                _ = try detector.power(
                    sizes: [size], cases: description.cases, path: description.reference, sharing: sharing)
            }
        }
    }
}
