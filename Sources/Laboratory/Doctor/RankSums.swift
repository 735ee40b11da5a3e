import Foundation
import Ranks

/// Sums over ranks, a round after the other, by which their time is measured: the way of data-parallel training, and the
/// library's own.
///
/// Training's way, whose bits do not depend on the number of ranks: rank 0 hands the weights round, every other rank sends
/// a gradient, and rank 0 adds them in order.
struct RankSums: SharedWork {
    struct Description: Codable {
        /// Numbers of a sum.
        let count: Int
        let rounds: Int
        /// Whether the library sums.
        let isLibrary: Bool
    }

    static let name = "summing"
    let description: Description

    init(_ description: Description) { self.description = description }

    private static let tag = RankTag.free + 2

    func join(_ communicator: any Communicator) throws {
        try rounds(communicator) {
            _ = try communicator.broadcast([], from: 0)
            let gradient = [Float](repeating: 1, count: description.count)
            try communicator.send(gradient.withUnsafeBytes { Array($0) }, to: 0, tag: Self.tag)
        }
    }

    /// The seconds of each round, at rank 0.
    func lead(_ communicator: any Communicator) throws -> [Double] {
        let weights = [UInt8](repeating: 0, count: 4 * description.count)
        return try rounds(communicator) {
            _ = try communicator.broadcast(weights, from: 0)
            var sum = [Float](repeating: 1, count: description.count)
            for rank in 1..<communicator.size {
                let bytes = try communicator.receive(from: rank, tag: Self.tag).bytes
                bytes.withUnsafeBytes { bytes in
                    for place in sum.indices {
                        sum[place] += bytes.loadUnaligned(fromByteOffset: 4 * place, as: Float.self)
                    }
                }
            }
        }
    }

    @discardableResult
    private func rounds(_ communicator: any Communicator, _ ordered: () throws -> Void) throws -> [Double] {
        var values = [Float](repeating: 1, count: description.count)
        return try (0..<description.rounds).map { _ in
            try communicator.barrier()
            let began = StageClock.now()
            if description.isLibrary {
                try (communicator as? any LibrarySums)?.sum(&values)
            } else {
                try ordered()
            }
            return StageClock.now() - began
        }
    }
}
