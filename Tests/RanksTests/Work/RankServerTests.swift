import Basics
import Foundation
import RankTestSupport
import Testing

@testable import Ranks

@Suite("Ranks that serve")
struct RankServerTests {
    /// All ranks add up what each has, in order of the ranks, and rank 0 gives the sum to all.
    struct Sum: SharedWork {
        static let name = "sum"
        let description: [Int]

        init(_ description: [Int]) { self.description = description }

        func add(_ communicator: any Communicator) throws -> Int {
            let own = Array("\(description[communicator.rank])".utf8)
            let all = try communicator.gather(own, tag: RankTag.free)
            let sum = all?.reduce(0) { $0 + (Int(String(decoding: $1, as: UTF8.self)) ?? 0) } ?? 0
            return Int(String(decoding: try communicator.broadcast(Array("\(sum)".utf8), from: 0), as: UTF8.self)) ?? 0
        }

        func join(_ communicator: any Communicator) throws {
            guard try add(communicator) == 60 else { throw DataError(.malformed, path: "sum", problem: "is another") }
        }
    }

    @Test("Work done together: every rank has the sum", arguments: [1, 2, 3])
    func together(size: Int) throws {
        let numbers = Array([60, 0, 0].prefix(size))
        let (result, threads, errors) = try overRanks(size, .init(items: [], shared: [Sum.self])) { ranks in
            try ranks.together(Sum(numbers)) { try Sum(numbers).add($0) }
        }
        #expect(try result.get() == 60 && errors.isEmpty)
        #expect(threads == Array(repeating: 3, count: size - 1))
    }

    @Test("A rank that fails in work done together ends: nobody could go on without it")
    func togetherFails() throws {
        let (result, _, errors) = try overRanks(2, .init(items: [], shared: [Sum.self])) { ranks in
            try ranks.together(Sum([1, 2])) { try Sum([1, 2]).add($0) }
        }
        #expect(try result.get() == 3)
        #expect(errors == [1: "sum: is another"])
    }

    @Test("Work that a rank does not know is an error of two builds")
    func unknown() throws {
        let world = ThreadRanks.world(2)
        try world[0].send(RankParcel(RankOrder.begin(work: "cubes", threads: nil)).message, to: 1, tag: RankTag.order)
        let server = RankServer(world[1], RankServer.Table(items: [Squares.self]), useThreads: { _ in }, stop: {})
        let error = #expect(throws: DataError.self) { try server.run() }
        #expect(error?.description.contains("found cubes (start the same build") == true)
    }

    @Test(
        "Bytes that are no message of ours are refused", arguments: [[], [1, 2, 3], Array(repeating: 255, count: 40)])
    func noMessage(bytes: [UInt8]) {
        #expect(throws: DataError.self) { try RankParcel<RankOrder>(message: bytes) }
    }

    @Test("Words and bytes come back as they went")
    func parcels() throws {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
        for order in [RankOrder.begin(work: "x", threads: 4), .item(3..<9), .done, .leave] {
            let back = try RankParcel<RankOrder>(message: RankParcel(order, bytes).message)
            #expect(back.words == order && back.bytes == bytes)
        }
    }

    @Test(
        "An error keeps its kind and its words on the way",
        arguments: [DataError.Kind.malformed, .missing, .inputOutput, .configuration])
    func failures(kind: DataError.Kind) throws {
        let error = DataError(kind, path: "a.h5", expected: "a zoo", found: "a table", hint: "import it")
        let sent = try JSONDecoder().decode(RankFailure.self, from: JSONEncoder().encode(RankFailure(error)))
        let back = sent.error(rank: 4, at: "item 2 of x")
        #expect(back.kind == kind)
        #expect(back.description == "rank 4, item 2 of x: a.h5: expected a zoo, found a table (import it)")
    }

    @Test("An interruption says only that; an error that is none of ours is told in its own words")
    func otherFailures() {
        let interruption = RankFailure(Interruption.error("training")).error(rank: 1, at: "item 2 of x")
        #expect(interruption.kind == .busy && interruption.description == "training: interrupted")
        struct Odd: Error {}
        #expect(RankFailure(Odd()).error(rank: 1, at: "item 0 of x").description.hasPrefix("rank 1, item 0 of x: Odd"))
    }
}
