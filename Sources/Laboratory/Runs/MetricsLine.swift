import Basics
import Foundation

/// A line of `metrics.jsonl` or `autoencoder.jsonl`: a step of a training, and one thing that was measured at it.
struct MetricsLine: Equatable {
    /// What a line tells beside its step.
    enum What: Equatable {
        case loss(Double)
        case validationLoss(Double)
        case diverged
    }

    /// The keys of a line, each with what it holds. The room's page has the same table.
    enum Key: String, CaseIterable {
        case step
        case loss
        case validationLoss = "validation_loss"
        case diverged
    }

    let step: Int
    let what: What

    init(step: Int, _ what: What) { (self.step, self.what) = (step, what) }

    /// The line as it is written.
    var fields: Tree.Map {
        let (key, value): (Key, Tree) =
            switch what {
            case .loss(let loss): (.loss, .number(loss))
            case .validationLoss(let loss): (.validationLoss, .number(loss))
            case .diverged: (.diverged, .bool(true))
            }
        return [Key.step.rawValue: .integer(step), key.rawValue: value]
    }

    /// What stands in a line; nil for one of another kind, and for a loss that is no number.
    init?(_ fields: Tree) {
        guard let step = fields[Key.step.rawValue]?.number.flatMap({ Int(exactly: $0) }) else { return nil }
        if let loss = fields[Key.loss.rawValue]?.number {
            self.init(step: step, .loss(loss))
        } else if let loss = (fields[Key.validationLoss.rawValue] ?? fields[Self.formerKey])?.number {
            self.init(step: step, .validationLoss(loss))
        } else if fields[Key.diverged.rawValue] == .bool(true) {
            self.init(step: step, .diverged)
        } else {
            return nil
        }
    }

    /// What `validation_loss` was called by versions before 0.1.
    private static let formerKey = "held_out_loss"

    /// The lines of a file that can be read; none where it is not there.
    static func read(_ url: URL) -> [MetricsLine] {
        let text = (try? String(contentsOf: url, encoding: .utf8)) ?? ""
        return text.split(separator: "\n").compactMap { line in
            (try? Tree(parsing: Data(line.utf8), path: url.path)).flatMap(MetricsLine.init)
        }
    }
}
