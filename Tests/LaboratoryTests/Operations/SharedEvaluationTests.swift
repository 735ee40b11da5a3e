import Evaluation
import Foundation
import ModelZoo
import Networks
import RankTestSupport
import Ranks
import TestSupport
import Testing

@testable import Basics
@testable import Laboratory

@Suite("Judging over ranks")
struct SharedEvaluationTests {
    private let scratch: ScratchFolder

    /// A zoo of 35 networks and 23 others.
    init() throws {
        scratch = try ScratchFolder()
        let split = ZooDataset.Split.indices(
            train: Array(0..<20), validation: Array(20..<30), test: Array(30..<90))
        let all = Small.zoo(58, split: (0..<58).map { $0 % 5 == 4 ? 2 : 0 }, dataset: Small.digits(split))
        try ZooWriter.write(all.select(rows: Array(0..<35)), to: scratch.file("zoo.h5").path)
        try ZooWriter.write(all.select(rows: Array(35..<58)), to: scratch.file("new.h5").path)
    }

    private func operation(_ name: String, zoo: String?, finish: String? = nil) -> EvaluateOperation {
        var operation = EvaluateOperation(
            path: scratch.file(name).path, dataset: nil, zoo: zoo.map { scratch.file($0).path }, catalog: Small.catalog)
        operation.finish = finish
        return operation
    }

    private func over<Result>(_ size: Int, _ operation: EvaluateOperation, _ body: (EvaluateOperation) throws -> Result)
        throws -> Result
    {
        let world = try ThreadRanks.serve(size, RankTable.works) { ranks in
            var spread = operation
            spread.ranks = ranks
            return try body(spread)
        }
        #expect(world.errors.isEmpty, "\(world.errors)")
        return try world.outcome.get()
    }

    /// Everything that is told of an outcome.
    private func text(_ outcome: EvaluateOperation.Outcome) throws -> String {
        try [
            Tree(encoding: outcome.rows), Tree(encoding: [outcome.verdict]), Tree(encoding: [outcome.certificate]),
            Tree(encoding: [outcome.diagnosis]),
        ].map { $0.text() }.joined()
    }

    @Test("Rows, verdict and certificate are those of one process, at any number of ranks", arguments: [1, 2, 3, 4])
    func equal(size: Int) throws {
        let operation = operation("new.h5", zoo: "zoo.h5")
        let right = try text(operation.execute())
        #expect(try over(size, operation) { try text($0.execute()) } == right && right.contains("novelty"))
    }

    @Test("So they are after a finish, and where accuracies are asked for alone")
    func others() throws {
        for operation in [operation("new.h5", zoo: "zoo.h5", finish: "last-layer"), operation("new.h5", zoo: nil)] {
            let right = try text(operation.execute())
            #expect(try over(2, operation) { try text($0.execute()) } == right)
        }
    }

    @Test("What is wrong with the files is said once, by rank 0, and every rank is free again")
    func refusals() throws {
        let error = try over(3, operation("none.h5", zoo: "zoo.h5")) { operation in
            try requireDataError { _ = try operation.execute() }
        }
        #expect(error.kind == .missing && error.path.hasSuffix("none.h5"), "\(error)")
    }

    private struct Pair: BitwiseCopyable, Equatable {
        let number: Int32
        let square: Double

        init(_ number: Int) { (self.number, square) = (Int32(number), Double(number * number)) }
    }

    @Test("Values of all ranks come to every rank, in order, also where a rank has none", arguments: [1, 2, 5])
    func values(size: Int) throws {
        let right = (0..<3).map(Pair.init)
        let world = ThreadRanks.world(size)
        let group = DispatchGroup()
        for member in world.dropFirst() {
            group.enter()
            Thread.detachNewThread {
                #expect(throws: Never.self) {
                    try RankSharing(member).follow { #expect($0.all(of: 3) { $0.map(Pair.init) } == right) }
                }
                group.leave()
            }
        }
        let found = try RankSharing(world[0]).lead { sharing in
            #expect(sharing.isAlone == (size == 1))
            return sharing.all(of: 3) { $0.map(Pair.init) }
        }
        group.wait()
        #expect(found == right)
    }
}
