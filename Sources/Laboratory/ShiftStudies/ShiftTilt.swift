import Foundation
import ShiftDetection

/// A shift made of the reference's own rows, which are drawn with other frequencies.
public enum ShiftTilt: String, Codable, Sendable, CaseIterable {
    /// Three in four rows are of the second class: other frequencies of the classes, and nothing else.
    case positives
    /// Rows of which the model is less sure.
    case unsure
    /// Rows that the model gets wrong, until its accuracy has fallen by a tenth: harm that outputs do not show.
    case errors10 = "errors-10"
    /// The same by a fifth.
    case errors20 = "errors-20"

    /// How often each row is drawn, relative to the others.
    func weights(_ rows: ReferenceRows) -> [Double] {
        switch self {
        case .positives:
            let share = Double(rows.labels.count { $0 == 1 }) / Double(rows.count)
            return rows.labels.map { $0 == 1 ? 0.75 / max(share, 1e-9) : 0.25 / max(1 - share, 1e-9) }
        case .unsure:
            return rows.rows.confidences.map { exp(-log($0 / max(1 - $0, 1e-4))) }
        case .errors10: return errors(rows, fall: 0.1)
        case .errors20: return errors(rows, fall: 0.2)
        }
    }

    private func errors(_ rows: ReferenceRows, fall: Double) -> [Double] {
        let isRight = rows.isRight
        let right = Double(isRight.count { $0 }) / Double(isRight.count)
        return isRight.map { $0 ? max(0, right - fall) / max(right, 1e-9) : (1 - right + fall) / max(1 - right, 1e-9) }
    }
}
