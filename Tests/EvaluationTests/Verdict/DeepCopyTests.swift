import Networks
import Tensors
import Testing

@testable import Evaluation

/// Copies of deep networks, judged as a run judges: nothing is hidden by the number of layers.
@Suite("Planted copies of deep networks")
struct DeepCopyTests {
    private static let architectures: [Architecture] = [
        .mlp(.init(widths: [16, 16, 16, 16, 4], norm: .batch)),
        .mlp(.init(widths: [16, 16, 16, 16, 4], activation: .tanh)),
        .resnet(.init(depth: 20, image: ImageExtent(channels: 1, height: 8, width: 8), width: 4)),
    ]

    /// Networks with weights of their own, and what is judged of them.
    private struct Judged {
        let architecture: Architecture
        let rows: Tensor, test: Tensor
        let frame: SymmetryFrame
        let measure: ContributionMeasure

        init(_ architecture: Architecture, reference: Tensor) throws {
            var stream = RandomStream(seed: 6, purpose: "test.deep.inputs")
            self.architecture = architecture
            rows = architecture.input.samples(60, &stream)
            test = architecture.input.samples(200, &stream)
            frame = try SymmetryFrame(reference: reference.selected(axis: 0, 0).floats, layout: architecture.layout)
            measure = try #require(ContributionMeasure(architecture.network, inputs: rows, zooCount: 10))
        }

        /// Running statistics of networks on the rows; nil where there are none.
        func buffers(_ weights: Tensor) -> Tensor? {
            architecture.layout.bufferCount == 0 ? nil : Recalibration(architecture.network, inputs: rows)(weights)
        }

        func callAsFunction(_ weights: Tensor) throws -> JudgedPopulation {
            let own = buffers(weights)
            return JudgedPopulation(
                networks: try frame.place(weights),
                predictions: Classifier(architecture.network).predictions(weights, buffers: own, inputs: test),
                contributions: measure(weights, buffers: own))
        }
    }

    private static func networks(_ layout: ParameterLayout, _ seeds: Range<UInt64>) -> Tensor {
        var stream = RandomStream(seed: seeds.lowerBound, purpose: "test.deep")
        let fresh = Initialization.pytorch.population(layout, seeds: Array(seeds))
        return fresh + stream.normal(fresh.shape) * 0.1
    }

    /// Units moved; scaled, or flipped, where that changes no function.
    private static func disguised(_ weights: Tensor, _ layout: ParameterLayout) -> Tensor {
        PlantedZoo.changed(weights) { index, row in
            var stream = RandomStream(seed: 3, purpose: "test.deep.disguise", index: UInt64(index))
            let element = SymmetryElement.random(
                layout, permutation: { stream.permutation($0) },
                scale: {
                    $0 == .sign
                        ? (stream.integer(below: 2) == 0 ? -1 : 1) : 0.5 + 0.25 * Double(stream.integer(below: 5))
                })
            row = element.apply(to: row, layout: layout)
        }
    }

    @Test("disguised copies are copies, with noise near-copies at its own length", arguments: 0..<3)
    func copies(_ index: Int) throws {
        let architecture = Self.architectures[index], layout = architecture.layout
        let zoo = Self.networks(layout, 0..<10)
        let judged = try Judged(architecture, reference: zoo)
        let labels = Classifier(architecture.network).predictions(
            zoo, buffers: judged.buffers(zoo), inputs: judged.test)[0]
        let evaluation = EnsembleEvaluation(
            frame: judged.frame, zoo: try judged(zoo), fresh: try judged(Self.networks(layout, 20..<26)), labels: labels
        )
        let others = [evaluation.judgeZoo().row, try #require(evaluation.judgeFresh()?.row)]
        func judge(_ weights: Tensor) throws -> (row: EvaluationRow, verdict: Verdict) {
            let row = evaluation.judge(try judged(weights), as: .generated).row
            return (row, Verdict(judging: others + [row], chance: 0))
        }
        let copies = try judge(Self.disguised(zoo, layout))
        #expect(copies.verdict.novelty == .copies && !copies.verdict.beatsBaselines)
        #expect(copies.row.points.map(\.nearestZoo) == Array(0..<10) && (copies.row.decidingRatio ?? 1) < 1e-3)
        #expect((copies.row.decidingContribution ?? 1) < 2e-3)
        var stream = RandomStream(seed: 4, purpose: "test.deep.noise")
        let noise = stream.normal(zoo.shape) * 0.02
        let near = try judge(Self.disguised(zoo + noise, layout))
        #expect(near.verdict.novelty == .nearCopies && near.row.points.map(\.nearestZoo) == Array(0..<10))
        #expect((near.row.decidingRatio ?? 1) < 0.3)
    }
}
