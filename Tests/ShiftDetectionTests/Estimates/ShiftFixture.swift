import Foundation
import Tensors
import TestSupport

@testable import ShiftDetection

/// What SciPy, scikit-learn and NannyML say; see `Scripts/make_shift_fixtures.py`.
enum EstimateFixture {
    /// A file of `Tests/Fixtures/shift`.
    static func read<Content: Decodable>(_ name: String, _: Content.Type = Content.self) throws -> Content {
        let file = fixturesFolder.appending(path: "shift/\(name).json")
        return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
    }

    /// Rows of two classes, of which a model says the second's probability.
    static func rows(_ second: [Double]) -> ShiftRows {
        ShiftRows(
            features: nil, probabilities: Tensor(second.flatMap { [1 - $0, $0] }, shape: [second.count, 2]))
    }

    /// Rows of any number of classes.
    static func rows(_ probabilities: [[Double]]) -> ShiftRows {
        ShiftRows(
            features: nil,
            probabilities: Tensor(probabilities.flatMap { $0 }, shape: [probabilities.count, probabilities[0].count]))
    }
}
