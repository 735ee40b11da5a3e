import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Rivals of tuning")
struct RewardRivalsTests {
    private static let linear = FunctionReward { $0.sum(axes: [-1]) }

    private static func rivals(_ steps: Int = 20) throws -> (task: GaussianTask, rivals: RewardRivals) {
        let task = try GaussianTask(mean: [2], std: [0.5], steps: steps)
        return (task, RewardRivals(task.generator, chain: task.chain, reward: linear, seed: 4))
    }

    @Test("best of n: the maximum's mean, places that do not depend on their number")
    func best() throws {
        let (task, rivals) = try Self.rivals(5)
        let codes = rivals.bestOf(4, count: 300)
        #expect(codes.shape == [300, 1])
        // E max of 4 standard normal numbers is 1.0294.
        let mean = codes.mean().scalar
        #expect(abs(mean - (2 + 0.5 * 1.0294)) < 5 * 0.5 * 0.7 / 300.0.squareRoot())
        #expect(rivals.bestOf(4, count: 7).bits == codes.sliced(axis: 0, 0..<7).bits)
        let all = task.generator.sample(0..<28, seed: 4).codes.doubles
        let expected = (0..<7).map { place in all[(place * 4)..<(place * 4 + 4)].max() ?? .nan }
        #expect(codes.sliced(axis: 0, 0..<7).doubles == expected)
        #expect(rivals.bestOf(1, count: 3).bits == task.generator.sample(0..<3, seed: 4).codes.bits)
        #expect(rivals.bestOf(30, count: 2).shape == [2, 1])
    }

    @Test("gradient steps climb, and leave the generator's law")
    func ascent() throws {
        let (task, rivals) = try Self.rivals(5)
        let start = task.generator.sample(0..<30, seed: 1).codes
        #expect(rivals.ascended(start, steps: 0, rate: 0.1).bits == start.bits)
        let end = rivals.ascended(start, steps: 10, rate: 0.1)
        // Adam's first steps of a constant gradient have the length of the rate.
        let moved = (end - start).doubles
        #expect(moved.allSatisfy { abs($0 - 1) < 1e-3 })
        #expect(zip(rivals.rewards(end), rivals.rewards(start)).allSatisfy { $0 > $1 })
    }

    @Test("guidance by a linear reward has the tilted mean, to an error that falls with the steps")
    func guidance() throws {
        func error(_ steps: Int) throws -> Double {
            let (task, rivals) = try Self.rivals(steps)
            let guided = rivals.guided(2)
            let rows = steps + 2
            func unit(_ row: Int) -> Tensor {
                Tensor((0..<rows).map { $0 == row ? Float(1) : 0 }, shape: [rows, 1])
            }
            let parameters = Parameters(layout: guided.net.layout, flat: guided.parameters)
            let ends = guided.sampler.sample(guided.net, parameters, from: unit(1)) { unit(2 + $0) }.doubles
            let variance = ends.dropFirst().reduce(0) { $0 + ($1 - ends[0]) * ($1 - ends[0]) }
            #expect(abs(variance - 0.25) < 1e-4)
            #expect(guided.sampler.evaluations == 2 * task.chain.steps.count)
            return abs(ends[0] - (2 + 2 * 0.25))
        }
        let (coarse, fine) = (try error(20), try error(80))
        #expect(fine < 0.4 * coarse && fine < 0.03, "\(coarse) to \(fine)")
    }
}
