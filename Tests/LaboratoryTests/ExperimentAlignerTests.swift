import Basics
import ModelZoo
import Networks
import Synchronization
import Tensors
import Testing
import TestSupport

@testable import Laboratory

@Suite("Aligning zoos")
struct ExperimentAlignerTests {
    @Test("Permuted copies of one network become that network, exactly")
    func recovers() throws {
        let zoo = Small.zoo(1)
        let orders = [[0, 1, 2, 3, 4, 5], [5, 4, 3, 2, 1, 0], [2, 0, 1, 5, 3, 4], [1, 2, 3, 4, 5, 0]]
        let copies = Zoo(header: zoo.header, weights: orders.flatMap { permuted(zoo, 0, by: $0) })
        let (aligned, facts) = try Aligner().align(copies, reference: 0, path: "copies")
        for row in 0..<4 { #expect(Array(aligned.row(row)) == Array(zoo.row(0))) }
        #expect(facts.networks == 4 && facts.unfinished == 0 && facts.reference == 0)
        #expect(facts.distanceAfter == 0 && facts.distanceBefore > 1)
    }

    @Test("Every network keeps its function, columns stay, and a second time changes nothing")
    func keepsFunctions() throws {
        let zoo = Small.zoo(9, split: [0, 0, 0, 0, 1, 1, 2, 2, 2])
        let calls = Mutex<[Int]>([])
        let progress = WorkProgress { done, total in
            calls.withLock { $0.append(done) }
            #expect(total == 9)
        }
        let (aligned, facts) = try Aligner().align(zoo, reference: 3, path: "zoo", progress: progress)
        #expect(calls.withLock { $0 } == [8, 9] && aligned.columns == zoo.columns)
        #expect(Array(aligned.row(3)) == Array(zoo.row(3)))
        #expect(facts.distanceAfter < facts.distanceBefore)
        var stream = RandomStream(seed: 2, purpose: "test.inputs")
        let check = Aligner.largestLogitDifference(
            Small.network, before: zoo, after: aligned, inputs: stream.normal([20, 64]))
        #expect(check.difference <= 1e-5 * check.largest && check.largest > 1)
        #expect(try Aligner().align(aligned, reference: 3, path: "again").zoo.weights == aligned.weights)
    }

    @Test("The check notices a network that changed")
    func notices() {
        let (before, after) = (Small.zoo(12, seed: 1), Small.zoo(12, seed: 1).weights)
        var changed = after
        changed[before.layout.count * 11 + 7] += 1
        var stream = RandomStream(seed: 2, purpose: "test.inputs")
        let check = Aligner.largestLogitDifference(
            Small.network, before: before, after: Zoo(header: before.header, weights: changed),
            inputs: stream.normal([50, 64]))
        #expect(check.difference > 0.01)
    }

    @Test("A network that is not finite is named with its file")
    func notFinite() throws {
        let zoo = Small.zoo(3)
        var weights = zoo.weights
        weights[zoo.layout.count * 2] = .infinity
        let error = try requireDataError {
            _ = try Aligner().align(Zoo(header: zoo.header, weights: weights), reference: 0, path: "some.h5")
        }
        #expect(error.kind == .malformed && error.path == "some.h5, network 2")
    }
}
