import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("The tree along which parts of minibatches are summed")
struct PartTreeTests {
    /// Parts of which no two orders of summing give the same bits.
    private static func part(_ index: Int) -> PartSum {
        let row = normalDoubles([16, 5]).converted(to: .single).gathered(axis: 0, [Int32(index)]).reshaped([5])
        let scale = [1, 1e4, 1e-3, 3e6][index % 4]
        return PartSum(loss: row.doubles[0] * scale, gradient: row * scale)
    }

    @Test("ranks have runs of parts as even as they can be, and hand on the largest subtrees that are theirs")
    func pieces() {
        func pieces(_ parts: Int, _ ranks: Int) -> [PartTree.Piece] { PartTree(parts: parts, ranks: ranks).pieces }
        #expect(pieces(4, 1) == [.init(range: 0..<4, rank: 0)])
        #expect(pieces(4, 2) == [.init(range: 0..<2, rank: 0), .init(range: 2..<4, rank: 1)])
        #expect(
            pieces(8, 3) == [
                .init(range: 0..<2, rank: 0), .init(range: 2..<3, rank: 0), .init(range: 3..<4, rank: 1),
                .init(range: 4..<6, rank: 1), .init(range: 6..<8, rank: 2),
            ])
        #expect(pieces(2, 5) == [.init(range: 0..<1, rank: 0), .init(range: 1..<2, rank: 1)])
        for parts in 1...9 {
            for ranks in 1...6 {
                let own = (0..<ranks).map { rank in
                    pieces(parts, ranks).filter { $0.rank == rank }.reduce(0) { $0 + $1.range.count }
                }
                #expect(own.reduce(0, +) == parts)
                let busy = own.prefix(min(ranks, parts))
                #expect((busy.max() ?? 0) - (busy.min() ?? 0) <= 1)
            }
        }
    }

    @Test("sums have the same bits for any number of ranks, and those of another order differ")
    func sums() {
        for parts in [1, 2, 3, 5, 8, 13] {
            let whole = PartTree.sum(0..<parts, Self.part)
            for ranks in 1...7 {
                let tree = PartTree(parts: parts, ranks: ranks)
                let sum = tree.sum(tree.pieces.map { PartTree.sum($0.range, Self.part) })
                #expect(sum.gradient.bits == whole.gradient.bits && sum.loss.bitPattern == whole.loss.bitPattern)
            }
        }
        let inOrder = (1..<13).reduce(Self.part(0)) { $0 + Self.part($1) }
        #expect(inOrder.gradient.bits != PartTree.sum(0..<13, Self.part).gradient.bits)
        #expect(relativeDifference(inOrder.gradient, PartTree.sum(0..<13, Self.part).gradient) < 1e-5)
    }

    @Test("parts are computed one after the other, from the left")
    func order() {
        var seen: [Int] = []
        _ = PartTree.sum(0..<6) { index in
            seen.append(index)
            return Self.part(index)
        }
        #expect(seen == Array(0..<6))
    }
}
