import Foundation
import Networks
import Tensors

@testable import ShiftDetection

/// Clouds of points on a circle in the plane, one a class, a small ensemble trained on some of them, and rows to judge.
struct CloudScene {
    let model: ShiftModel
    let classes: Int

    /// `count` points, point i of class i mod C; `moved` shifts all of them.
    static func points(_ count: Int, classes: Int, seed: UInt64, moved: (Float, Float) = (0, 0)) -> LabelledRows {
        var stream = RandomStream(seed: seed, purpose: "test.clouds")
        let labels = (0..<count).map { Int32($0 % classes) }
        let centres = labels.flatMap { label -> [Float] in
            let angle = 2 * Float.pi * Float(label) / Float(classes)
            return [1.5 * cos(angle) + moved.0, 1.5 * sin(angle) + moved.1]
        }
        let features = stream.normal([count, 2]).scaled(by: 0.6) + Tensor(centres, shape: [count, 2])
        return LabelledRows(features: features, labels: labels, classes: classes)
    }

    /// A trained ensemble of `count` perceptrons, whose mean is the model in use.
    init(classes: Int = 2, rows: Int = 40, count: Int = 3, seed: UInt64 = 7) throws {
        self.classes = classes
        var config = TrainedEnsemble()
        config.count = count
        config.network.hidden = [8]
        config.network.steps = 60
        let training = Self.points(rows, classes: classes, seed: 1)
        let ensemble = try config.fit(training, seed: seed)
        let alone = ShiftModel(ensembles: [.trained: ensemble], seed: seed)
        model = ShiftModel(
            training: alone.rows(features: training.features), ensembles: [.trained: ensemble], seed: seed)
    }

    /// Rows as the model sees them.
    func rows(_ count: Int, seed: UInt64, moved: (Float, Float) = (0, 0)) -> ShiftRows {
        model.rows(features: Self.points(count, classes: classes, seed: seed, moved: moved).features)
    }
}
