import Basics
import Networks
import Tensors
import TestSupport
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Alignment of zoos")
struct AlignerTests {
    /// Random networks of a perceptron.
    private func zoo(_ widths: [Int], count: Int, seed: UInt64 = 0) -> Zoo {
        let config = MLP.Config(widths: widths, activation: .relu)
        let seeds = (0..<count).map { UInt64($0) + 100 * seed }
        let weights = Initialization.pytorch.population(MLP(config).layout, seeds: seeds).floats
        return Zoo(header: ZooHeader(architecture: .mlp(config)), weights: weights)
    }

    /// Row 0 and `copies` of it, each with its hidden units in another order.
    private func shuffled(_ zoo: Zoo, copies: Int) -> Zoo {
        var choices = RandomChoices(state: 17)
        let row = Array(zoo.row(0))
        let others = (0..<copies).flatMap { _ in
            SymmetryElement.random(zoo.layout, permutation: { Array(0..<$0).shuffled(using: &choices) })
                .apply(to: row, layout: zoo.layout)
        }
        return Zoo(header: zoo.header, weights: row + others)
    }

    @Test("Permuted copies become the network that they are copies of, bit by bit")
    func copies() throws {
        let zoo = shuffled(zoo([5, 9, 3], count: 1), copies: 10)
        let (aligned, facts) = try Aligner().align(zoo, reference: 0, path: "zoo")
        for row in 0..<11 { #expect(Array(aligned.row(row)) == Array(zoo.row(0)), "network \(row)") }
        #expect(facts.distanceAfter == 0 && facts.distanceBefore > 0)
        #expect(facts.networks == 11 && facts.reference == 0 && facts.unfinished == 0)
        #expect(facts.largestLogit == nil && facts.largestLogitDifference == nil)
    }

    @Test("Any copy may be the reference: then all become that copy")
    func references() throws {
        let zoo = shuffled(zoo([4, 6, 2], count: 1), copies: 4)
        for reference in 0..<5 {
            let (aligned, facts) = try Aligner().align(zoo, reference: reference, path: "zoo")
            #expect((0..<5).allSatisfy { aligned.row($0).elementsEqual(zoo.row(reference)) })
            #expect(facts.reference == reference)
        }
    }

    @Test("Functions stay, distances do not grow, and numbers are moved, never changed")
    func functions() throws {
        let zoo = zoo([6, 8, 7, 3], count: 9)
        let (aligned, facts) = try Aligner().align(zoo, reference: 4, path: "zoo")
        let network = MLP(MLP.Config(widths: [6, 8, 7, 3], activation: .relu))
        let inputs = normalDoubles([20, 6]).converted(to: .single)
        let (difference, largest) = Aligner.largestLogitDifference(network, before: zoo, after: aligned, inputs: inputs)
        #expect(largest > 0.1 && difference <= 1e-5 * largest)
        #expect(facts.distanceAfter < facts.distanceBefore && facts.sweeps >= 1 && facts.sweeps <= 100)
        for row in 0..<9 { #expect(aligned.row(row).sorted() == zoo.row(row).sorted()) }
        #expect(Array(aligned.row(4)) == Array(zoo.row(4)) && aligned.weights != zoo.weights)
    }

    @Test("The largest logit difference sees a network that was changed")
    func differences() {
        let zoo = zoo([4, 5, 2], count: 12)
        var weights = zoo.weights
        // The last bias of the last network: exactly this much more in one logit.
        weights[weights.count - 1] += 0.5
        let network = MLP(MLP.Config(widths: [4, 5, 2], activation: .relu))
        let inputs = normalDoubles([3, 4]).converted(to: .single)
        let changed = Zoo(header: zoo.header, weights: weights)
        let found = Aligner.largestLogitDifference(network, before: zoo, after: changed, inputs: inputs)
        #expect(abs(found.difference - 0.5) < 1e-6)
        #expect(Aligner.largestLogitDifference(network, before: zoo, after: zoo, inputs: inputs).difference == 0)
    }

    @Test("Facts of networks stay with them, and progress counts blocks of eight")
    func columns() throws {
        let plain = zoo([3, 4, 2], count: 10)
        var columns = ZooColumns(count: 10)
        columns["seed"] = .integer((0..<10).map { Int64($0) })
        let zoo = plain.with(columns: columns)
        struct Stop: Error {}
        let (aligned, _) = try Aligner().align(zoo, reference: 0, path: "zoo")
        #expect(aligned.columns == columns && aligned.header == zoo.header && aligned.trajectory == nil)
        #expect(throws: Stop.self) {
            _ = try Aligner().align(
                zoo, reference: 0, path: "zoo",
                progress: WorkProgress { done, total in
                    #expect(done == 8 && total == 10)
                    throw Stop()
                })
        }
    }

    @Test("A network that is not finite is named", arguments: [0, 9])
    func notFinite(row: Int) throws {
        let zoo = zoo([3, 4, 2], count: 10)
        var weights = zoo.weights
        weights[row * zoo.layout.count + 2] = .infinity
        let error = dataError {
            _ = try Aligner().align(Zoo(header: zoo.header, weights: weights), reference: 5, path: "the zoo")
        }
        #expect(error?.path.contains("the zoo, network \(row)") == true)
    }
}
