import Basics
import Foundation
import ModelZoo
import Networks
import RankTestSupport
import Ranks
import TestSupport
import Testing

@testable import Laboratory

@Suite("Aligning over ranks")
struct AlignmentBlocksTests {
    private let scratch: ScratchFolder

    /// A file of 37 networks, five blocks, each with two checkpoints.
    init() throws {
        scratch = try ScratchFolder()
        let zoo = Small.zoo(37)
        let checkpoints = (0..<zoo.count).flatMap { row in zoo.row(row).map { $0 * 0.5 } + zoo.row(row) }
        let trajectory = ZooTrajectory(
            checkpoints: 2, steps: (0..<zoo.count).flatMap { _ in [1, 2] }, weights: checkpoints)
        let recorded = Zoo(header: zoo.header, weights: zoo.weights, columns: zoo.columns, trajectory: trajectory)
        try ZooWriter.write(recorded, to: scratch.file("zoo.h5").path)
    }

    private func operation(_ out: String, reference: Int = 5) -> AlignOperation {
        var operation = AlignOperation(
            path: scratch.file("zoo.h5").path, reference: reference, sweeps: 100, out: scratch.file(out))
        // Items of one block.
        operation.weightsOfItem = 1
        return operation
    }

    private var work: AlignmentBlocks {
        get throws {
            let zoo = scratch.file("zoo.h5")
            return try AlignmentBlocks(.init(zoo: zoo, reference: 5, sweeps: 100), path: zoo.path)
        }
    }

    @Test("File and facts are those of one process, at any number of ranks", arguments: [1, 2, 3, 4])
    func equal(size: Int) throws {
        let right = try operation("alone.h5").execute(SilentProgress())
        let world = try ThreadRanks.serve(size, RankTable.works) { ranks in
            var spread = operation("spread.h5")
            spread.ranks = ranks
            return try spread.execute(SilentProgress())
        }
        #expect(world.errors.isEmpty, "\(world.errors)")
        #expect(try world.outcome.get() == right && right.networks == 37 && right.distanceAfter < right.distanceBefore)
        #expect(
            try Data(contentsOf: scratch.file("spread.h5")) == Data(contentsOf: scratch.file("alone.h5")))
    }

    @Test("What goes to rank 0 is small, and gives the networks that were aligned elsewhere")
    func outcome() throws {
        let work = try work
        let blocks = try work.item(8..<37) { _ in }
        let bytes = try AlignmentBlocks.bytes(blocks)
        #expect(bytes.count < 29 * 250 && blocks.count == 4)
        let back = try AlignmentBlocks.outcome(bytes)
        #expect(back.allSatisfy { $0.aligned == nil })
        var (own, others) = ([Zoo](), [Zoo]())
        try work.forEachBlock(8..<37, blocks) { own.append($1) }
        try work.forEachBlock(8..<37, back) { others.append($1) }
        #expect(own.map(\.count) == [8, 8, 8, 5] && own.map(\.weights) == others.map(\.weights))
        #expect(own.map(\.trajectory) == others.map(\.trajectory) && own.map(\.columns) == others.map(\.columns))
        #expect(zip(blocks, back).allSatisfy { $0.difference == $1.difference && $0.largest == $1.largest })
    }

    @Test("Logits may be infinite or no numbers")
    func notFinite() throws {
        let strange = [(Double.infinity, -Double.infinity), (.nan, 1.5)].map {
            AlignmentBlocks.Block(matches: [], difference: $0.0, largest: $0.1)
        }
        let back = try AlignmentBlocks.outcome(AlignmentBlocks.bytes(strange))
        #expect(back[0].difference == .infinity && back[0].largest == -.infinity)
        #expect(back[1].difference.isNaN && back[1].largest == 1.5)
    }

    @Test("An item is a block for a process alone, and whole blocks of so many weights for several")
    func chunks() throws {
        let work = try work
        let width = work.reader.header.layout.count
        #expect(work.chunk(over: .one, weights: 1 << 20) == 8)
        let world = try ThreadRanks.serve(2, RankTable.works) { ranks in
            [0, 8 * width, 16 * width - 1, 16 * width].map { work.chunk(over: ranks, weights: $0) }
        }
        #expect(try world.outcome.get() == [8, 8, 8, 16])
    }

    @Test("What is wrong with the zoo is said before anything is handed out or written")
    func refusals() throws {
        let world = try ThreadRanks.serve(2, RankTable.works) { ranks in
            var spread = operation("refused.h5", reference: 37)
            spread.ranks = ranks
            return try requireDataError { _ = try spread.execute(SilentProgress()) }
        }
        let error = try world.outcome.get()
        #expect(error.path == "--reference" && error.expected == "a row from 0 to 36" && error.found == "37")
        #expect(world.threads.isEmpty && !FileManager.default.fileExists(atPath: scratch.file("refused.h5").path))
    }
}
