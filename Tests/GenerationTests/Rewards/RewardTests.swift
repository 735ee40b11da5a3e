import Basics
import Foundation
import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Rewards")
struct RewardTests {
    private let network = MLP(MLP.Config(widths: [3, 4, 3]))
    private let labels: [Int32] = [0, 1, 2, 2, 1]
    private var inputs: Tensor { normalDoubles([5, 3], seed: 2) }
    private var weights: Tensor { normalDoubles([4, network.layout.count], seed: 3) }

    private func logits() -> Tensor {
        network(Parameters(layout: network.layout, flat: weights), inputs)
    }

    @Test("the kinds are what they say, network by network")
    func values() {
        let probabilities = logits().softmax().doubles
        func own(_ network: Int, _ row: Int, _ c: Int) -> Double { probabilities[(network * 5 + row) * 3 + c] }
        let loss = OutputReward.negativeLoss(network, inputs: inputs, labels: labels)(weights).doubles
        let smooth = OutputReward.accuracy(network, inputs: inputs, labels: labels)(weights).doubles
        let other = OutputReward.disagreement(network, inputs: inputs, said: labels)(weights).doubles
        for index in 0..<4 {
            let right = (0..<5).map { own(index, $0, Int(labels[$0])) }
            #expect(abs(loss[index] - right.reduce(0) { $0 + log($1) } / 5) < 1e-9)
            #expect(abs(smooth[index] - right.reduce(0, +) / 5) < 1e-9)
            let others = (0..<5).map { row in
                (0..<3).filter { $0 != Int(labels[row]) }.reduce(0) { $0 + log(own(index, row, $1)) } / 2
            }
            #expect(abs(other[index] - others.reduce(0, +) / 5) < 1e-9)
        }
        let said = OutputReward.agreement(network, inputs: inputs, said: labels)(weights)
        #expect(said.doubles == loss)
    }

    @Test("smooth accuracy becomes the accuracy as its temperature falls")
    func temperature() {
        let rewards = OutputReward.accuracy(network, inputs: inputs, labels: labels, temperature: 1e-4)(weights).doubles
        let accuracies = Classifier(network).accuracies(weights, inputs: inputs, labels: labels)
        #expect(zip(rewards, accuracies).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test("derivatives by the weights are those of central differences")
    func derivatives() {
        let rewards: [any Reward] = [
            OutputReward.negativeLoss(network, inputs: inputs, labels: labels),
            OutputReward.accuracy(network, inputs: inputs, labels: labels, temperature: 0.7),
            OutputReward.disagreement(network, inputs: inputs, said: labels),
            OutputReward(network, inputs: inputs) { $0.square().mean(axes: [-2, -1]) },
        ]
        let sum = RewardSum([(2, rewards[0]), (-0.5, rewards[2])])
        for reward in rewards + [sum] {
            let direction = normalDoubles(weights.shape, seed: 5)
            let slope = (reward(weights + direction * 1e-5) - reward(weights - direction * 1e-5)).doubles.map {
                $0 / 2e-5
            }
            let code = CodeReward(
                reward: reward, coordinates: RawCoordinates(parameterCount: network.layout.count), strength: 1)
            let (values, gradient) = code.gradient(at: weights)
            #expect(relativeDifference(values.doubles, reward(weights).doubles) < 1e-12)
            let along = (gradient * direction).sum(axes: [-1]).doubles
            #expect(relativeDifference(along, slope, floor: 1e-2) < 1e-5)
        }
        let twice = sum(weights).doubles, first = rewards[0](weights).doubles, other = rewards[2](weights).doubles
        #expect(twice.indices.allSatisfy { abs(twice[$0] - (2 * first[$0] - 0.5 * other[$0])) < 1e-9 })
    }

    @Test("through a decoder, and strength times")
    func codes() throws {
        let narrow = weights.converted(to: .single)
        let coordinates = try #require(PrincipalCoordinates(fitting: narrow, components: 2))
        let reward = OutputReward.negativeLoss(network, inputs: inputs, labels: labels)
        let code = CodeReward(reward: reward, coordinates: coordinates, strength: 3)
        let x = coordinates.encode(narrow)
        let (values, gradient) = code.gradient(at: x)
        let expected = reward(coordinates.decode(x)).doubles.map { $0 * 3 }
        #expect(relativeDifference(values.doubles, expected) < 1e-6)
        let step = Tensor([0.01, -0.02] as [Float], shape: [2])
        let slope = (code(x + step) - code(x - step)).doubles.map { $0 / 2 }
        #expect(relativeDifference((gradient * step).sum(axes: [-1]).doubles, slope, floor: 1e-2) < 1e-2)
    }

    @Test("networks with batch norms are normalised by the rows themselves")
    func batchNorm() {
        var config = MLP.Config(widths: [3, 4, 3])
        config.norm = .batch
        let network = MLP(config)
        let weights = normalDoubles([2, network.layout.count], seed: 6)
        let rewards = OutputReward.negativeLoss(network, inputs: inputs, labels: labels)(weights)
        #expect(rewards.shape == [2] && rewards.isFinite)
    }

    @Test("every kind of a description makes its reward")
    func kinds() throws {
        let made = RewardKind.standard.all.compactMap { Described<RewardKind>(kind: $0.name)?.member }
        #expect(made.map(\.kind) == ["negative-loss", "accuracy", "agreement", "disagreement"])
        #expect(made.allSatisfy { $0.asked.rows == 2000 && $0.asked.dataset == nil })
        let values = made.map { kind -> [Double] in
            let reward = kind.reward(network, inputs: inputs, labels: labels)
            return reward(weights).doubles
        }
        #expect(values[0] == values[2] && values[0] != values[3])
        let references = made.map { kind -> Bool in
            if case .some(nil) = kind.reference { true } else { false }
        }
        #expect(references == [false, false, true, true])
        #expect(RewardKind() == made[0])
    }
}
