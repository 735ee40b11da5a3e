import TestSupport
import Testing

@testable import Formats

@Suite("The order of modules")
struct MatchOrderTests {
    private typealias Shapes = [String: [Int]]
    private let square: Shapes = ["weight": [4, 4], "bias": [4]]
    private let last: Shapes = ["weight": [2, 4], "bias": [2]]

    private func match(
        _ names: [String], isOrdered: Bool, have: [Shapes], want: [Shapes], areSame: Bool = false
    ) -> MatchOrder.Outcome {
        MatchOrder(names: names, isOrdered: isOrdered).match(have, want) { _, _ in areSame }
    }

    @Test(
        "Modules of one name are put by their numbers, whatever order they come in", arguments: 0..<10)
    func shuffled(seed: UInt64) {
        var choices = RandomChoices(state: seed)
        let numbers = Array(0..<12).shuffled(using: &choices)
        let squares = numbers.map { _ in square }
        let places = numbers.indices.sorted { numbers[$0] < numbers[$1] }
        let names = numbers.map { "blocks.\($0).fc" }
        #expect(
            match(names, isOrdered: false, have: squares, want: squares) == .found(places, .numbers))
        // Keras gives the first of a class no number.
        let keras = numbers.map { $0 == 0 ? "dense" : "dense_\($0)" }
        #expect(
            match(keras, isOrdered: false, have: squares, want: squares) == .found(places, .numbers))
    }

    @Test("The file's order and the numbers are asked in turn, and doubted where both fit")
    func ordered() {
        let names = ["fc2", "fc1"]
        let both = match(names, isOrdered: true, have: [square, square], want: [square, square])
        #expect(
            both
                == .doubtful(
                    "fc2 before fc1: the file's order and the numbers in the names disagree, and both fit"))
        #expect(
            match(names, isOrdered: true, have: [square, last], want: [square, last])
                == .found([0, 1], .file))
        #expect(
            match(names, isOrdered: true, have: [last, square], want: [square, last])
                == .found([1, 0], .numbers))
        #expect(
            match(["fc1", "fc2"], isOrdered: true, have: [square, square], want: [square, square])
                == .found([0, 1], .file))
    }

    @Test("Numbers that do not fit are no order where nothing else tells")
    func differs() {
        #expect(
            match(["a1", "a2"], isOrdered: false, have: [last, square], want: [square, last]) == .differs)
        #expect(
            match(["a", "b"], isOrdered: false, have: [square, last], want: [square, square]) == .differs)
        #expect(
            match(["a", "b"], isOrdered: true, have: [square, last], want: [last, last]) == .differs)
    }

    @Test(
        "Without an order shapes tell, numbers among equal ones, and any where modules are the same")
    func byShape() {
        #expect(
            match(["b", "a"], isOrdered: false, have: [last, square], want: [square, last])
                == .found([1, 0], .shapes))
        #expect(
            match(
                ["x", "l2", "l1"], isOrdered: false, have: [last, square, square],
                want: [square, square, last])
                == .found([2, 1, 0], .numbers))
        let squares = [square, square]
        #expect(
            match(["a", "b"], isOrdered: false, have: squares, want: squares)
                == .doubtful(
                    "a and b of the same shapes, and neither the file's order nor numbers tell which comes first"
                ))
        #expect(
            match(["a", "b"], isOrdered: false, have: squares, want: squares, areSame: true)
                == .found([0, 1], .shapes))
    }

    @Test(
        "Words that say first or last are held against the file's order",
        arguments: [
            (["output", "hidden"], "output before hidden, which has the same shapes"),
            (["net.head", "net.fc"], "net.head before net.fc, which has the same shapes"),
            (["hidden", "input"], "hidden before input, which has the same shapes"),
            (["fc_in", "fc_out"], nil), (["hidden", "output"], nil), (["input", "hidden"], nil),
            (["outer", "inner"], nil), (["out_a", "out_b"], nil),
        ] as [([String], String?)])
    func words(names: [String], doubt: String?) {
        let squares = [square, square]
        let outcome = match(names, isOrdered: true, have: squares, want: squares)
        #expect(outcome == doubt.map { .doubtful($0) } ?? .found([0, 1], .file))
    }

    @Test("A head of other shapes may stand anywhere")
    func unlikeHead() {
        #expect(
            match(
                ["head", "fc", "body"], isOrdered: true, have: [last, square, square],
                want: [last, square, square])
                == .found([0, 1, 2], .file))
    }

    @Test("Sorted is what rises byte by byte, and more than one name")
    func sorted() {
        for names in [["a", "b"], ["B", "a"], ["l10", "l2"], ["", "a"], ["z", "é"]] {
            #expect(MatchOrder.isSorted(names) && !MatchOrder.isSorted(names.reversed()))
        }
        #expect(
            !MatchOrder.isSorted(["a", "a"]) && !MatchOrder.isSorted(["a"]) && !MatchOrder.isSorted([]))
    }

    @Test("The gap between modules of one list, and none between others")
    func gaps() {
        #expect(MatchOrder.gap("net.0", "net.2") == 2 && MatchOrder.gap("net.2", "net.0") == -2)
        #expect(MatchOrder.gap("0", "3") == 3 && MatchOrder.gap("a.1", "a.1") == 0)
        #expect(MatchOrder.gap("a.0", "b.2") == nil && MatchOrder.gap("a.x", "a.2") == nil)
        #expect(MatchOrder.gap("a.0", "a.1.b") == nil && MatchOrder.gap("a.b.0", "a.1") == nil)
    }
}
