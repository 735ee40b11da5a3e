import Testing

@testable import Networks

@Suite("Epoch order")
struct EpochOrderTests {
    private static func order(_ count: Int, seed: UInt64 = 1, purpose: String = "order", position: Int = 0)
        -> EpochOrder
    {
        EpochOrder(count: count, seed: seed, purpose: purpose, position: position)
    }

    @Test("every row comes once an epoch", arguments: [1, 2, 7, 100], [1, 3, 8, 250])
    func epochs(_ count: Int, _ batch: Int) {
        var order = Self.order(count)
        var drawn: [Int32] = []
        while drawn.count < 4 * count { drawn += order.next(batch) }
        for epoch in 0..<4 {
            let rows = drawn[(epoch * count)..<((epoch + 1) * count)]
            #expect(rows.sorted() == (0..<count).map { Int32($0) })
        }
    }

    @Test("epochs differ, as do seeds and purposes")
    func differences() {
        var order = Self.order(50)
        let (first, second) = (order.next(50), order.next(50))
        var other = Self.order(50, seed: 2)
        var purpose = Self.order(50, purpose: "other")
        #expect(Set([first, second, other.next(50), purpose.next(50)]).count == 4)
    }

    @Test("it goes on behind any position, whatever the minibatches", arguments: [0, 1, 9, 10, 11, 25, 999])
    func resumption(_ position: Int) {
        var whole = Self.order(10)
        var rest = Self.order(10, position: position)
        _ = whole.next(position)
        let expected = whole.next(37)
        #expect(rest.next(5) + rest.next(32) == expected)
    }
}
