import Basics
import Foundation
import ModelZoo
import Ranks

/// Judging as work that all ranks do together: each reads the same files, places and runs the same networks, and measures
/// its part of the predictions and of the distances (``RankSharing``).
struct SharedEvaluation: SharedWork {
    struct Description: Codable {
        let path: String
        let dataset: String?
        let zoo: String?
        let places: DatasetCatalog.Places
        let bars: [Double]
        let finish: String?
    }

    static let name = "judging networks"
    let description: Description

    init(_ description: Description) { self.description = description }

    init(_ operation: EvaluateOperation) {
        description = Description(
            path: operation.path, dataset: operation.dataset, zoo: operation.zoo, places: operation.catalog.places,
            bars: operation.bars, finish: operation.finish)
    }

    func join(_ communicator: any Communicator) throws {
        var operation = EvaluateOperation(
            path: description.path, dataset: description.dataset, zoo: description.zoo,
            catalog: DatasetCatalog(description.places))
        (operation.bars, operation.finish) = (description.bars, description.finish)
        try RankSharing(communicator).follow { [operation] sharing in
            _ = try operation.execute(SilentProgress(), sharing)
        }
    }
}
