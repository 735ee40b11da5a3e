import Foundation
import ModelZoo
import Networks
import Tensors
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Aligning block after block")
struct AlignmentPassTests {
    /// A zoo with two checkpoints a network, of which the second is the network.
    private static func recorded(_ zoo: Zoo) -> Zoo {
        let width = zoo.layout.count
        let checkpoints = (0..<zoo.count).flatMap { row in zoo.row(row).map { $0 * 0.5 } + zoo.row(row) }
        precondition(checkpoints.count == zoo.count * 2 * width)
        return Zoo(
            header: zoo.header, weights: zoo.weights, columns: zoo.columns,
            trajectory: ZooTrajectory(
                checkpoints: 2, steps: (0..<zoo.count).flatMap { _ in [1, 2] }, weights: checkpoints))
    }

    @Test("A file is aligned to the bytes of the zoo in memory, checkpoints and all")
    func sameAsInMemory() throws {
        let scratch = try ScratchFolder()
        let zoo = Self.recorded(Small.zoo(19, split: Array(repeating: 0, count: 19)))
        try ZooWriter.write(zoo, to: scratch.file("zoo.h5").path)
        let facts = try AlignOperation(
            path: scratch.file("zoo.h5").path, reference: 5, sweeps: 100, out: scratch.file("out.h5")
        ).execute(SilentProgress())
        var expected = try Aligner().align(zoo, reference: 5, path: "zoo")
        let out = try ZooReader(path: scratch.file("out.h5").path).readAll()
        // The file alone says that it was aligned, and from what.
        var header = expected.zoo.header
        header.provenance = out.header.provenance
        let named = Zoo(
            header: header, weights: expected.zoo.weights, columns: expected.zoo.columns,
            trajectory: expected.zoo.trajectory)
        try ZooWriter.write(named, to: scratch.file("expected.h5").path)
        #expect(try Data(contentsOf: scratch.file("out.h5")) == Data(contentsOf: scratch.file("expected.h5")))
        #expect(out.header.provenance?.steps.last?.made == "align")
        #expect(try #require(facts.largestLogitDifference) <= 1e-5 * #require(facts.largestLogit))
        (expected.facts.largestLogitDifference, expected.facts.largestLogit) =
            (facts.largestLogitDifference, facts.largestLogit)
        #expect(facts == expected.facts && facts.networks == 19)
    }

    @Test("Checkpoints follow their network: the last stays the network, the first half of it")
    func checkpoints() throws {
        let zoo = Self.recorded(Small.zoo(9))
        let (aligned, _) = try Aligner().align(zoo, reference: 0, path: "zoo")
        let width = zoo.layout.count
        let moved = try #require(aligned.trajectory)
        #expect(moved.steps == zoo.trajectory?.steps && aligned.weights != zoo.weights)
        for row in 0..<9 {
            let first = moved.weights[(2 * row) * width..<(2 * row + 1) * width]
            let second = moved.weights[(2 * row + 1) * width..<(2 * row + 2) * width]
            #expect(Array(second) == Array(aligned.row(row)))
            #expect(Array(first) == aligned.row(row).map { $0 * 0.5 })
        }
    }

    /// A layout with two units that may change places, and a buffer a unit.
    @Test("Buffers follow their units")
    func buffers() throws {
        let group = SymmetryGroup(name: "units", size: 2, scaling: .none)
        let layout = ParameterLayout(
            slots: [
                Slot(name: "w", offset: 0, shape: [2, 3], role: .weight, axes: [0, nil]),
                Slot(name: "v", offset: 6, shape: [1, 2], role: .weight, axes: [nil, 0]),
            ], groups: [group], buffers: [Slot(name: "m", offset: 0, shape: [2], role: .shift, axes: [0])])
        let (a, b): ([Float], [Float]) = ([1, 2, 3], [-4, 5, 9])
        let zoo = Zoo(
            header: ZooHeader(layout: layout), weights: a + b + [1, 2] + b + a + [2, 1], buffers: [7, 8, 8, 7])
        var pass = try AlignmentPass(reference: 0, row: Array(zoo.row(0)), layout: layout, sweeps: 10)
        let aligned = try pass.align(zoo, startingAt: 0, path: "zoo")
        #expect(Array(aligned.row(1)) == Array(zoo.row(0)) && aligned.buffers == [7, 8, 7, 8])
        #expect(pass.facts.networks == 2 && pass.facts.distanceAfter == 0)
    }
}
