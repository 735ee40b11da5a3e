import Basics
import TestSupport
import Tensors
import Testing

@testable import Generation

@Suite("Support sets and their label codes")
struct SupportSetTests {
    @Test("what is no support set is refused with a sentence")
    func refusals() throws {
        func message(_ features: Tensor, _ labels: [Int], _ classes: Int) throws -> String {
            try requireDataError {
                _ = try SupportSet(features: features, labels: labels, classes: classes, path: "s.csv")
            }
            .description
        }
        let rows = normalDoubles([4, 3])
        #expect(
            try message(rows, [0, 0, 2, 2], 3)
                == "s.csv: class 1 of the 3 classes has no example (a support set shows every class of its task at "
                + "least once)")
        #expect(
            try message(rows, [0, 1, 2, 1], 2).contains("labels 0 to 1, or -1 for an unknown one, found 2 at example 3")
        )
        #expect(try message(rows, [0, 1, -2, 1], 2).contains("found -2 at example 3"))
        #expect(try message(rows, [0, 1, 1], 2).contains("and a label for each, found examples [4, 3] and 3 labels"))
        #expect(try message(rows, [0, 0, 0, 0], 1).contains("at least two classes"))
        #expect(try message(normalDoubles([0, 3]), [], 2).contains("found examples [0, 3]"))
        #expect(try message(normalDoubles([4, 3, 2]), [0, 1, 0, 1], 2).contains("found examples [4, 3, 2]"))
        var values = rows.doubles
        values[7] = .nan
        #expect(
            try message(Tensor(values, shape: [4, 3]), [0, 1, 0, 1], 2)
                == "s.csv: example 3 holds a number that is not finite (leave such rows out, or fill the gaps)")
    }

    @Test("some examples of each class are drawn, without replacement, the same for the same stream")
    func drawing() throws {
        let set = try SupportSet(
            features: Tensor((0..<7).map(Double.init), shape: [7, 1]), labels: [0, 1, 0, 1, 0, 0, -1], classes: 2)
        for shown in 1...5 {
            var stream = RandomStream(seed: 3, purpose: "test"), again = stream
            let drawn = set.drawn(shown, &stream)
            #expect(drawn == set.drawn(shown, &again))
            #expect(
                drawn.labels == Array(repeating: 0, count: min(shown, 4)) + Array(repeating: 1, count: min(shown, 2)))
            let rows = drawn.features.doubles.map { Int($0) }
            #expect(Set(rows).count == rows.count && zip(rows, drawn.labels).allSatisfy { set.labels[$0] == $1 })
        }
        var stream = RandomStream(seed: 4, purpose: "test")
        let firsts = Set((0..<40).map { _ in set.drawn(1, &stream).features.doubles[0] })
        #expect(firsts == [0, 2, 4, 5])
    }

    @Test("labels are renamed and shuffled, examples stay")
    func labels() throws {
        let set = try SupportSamples.rows(classes: 3, perClass: 4)
        let renamed = set.relabelled([2, 0, 1])
        #expect(renamed.labels == set.labels.map { [2, 0, 1][$0] } && renamed.features.bits == set.features.bits)
        #expect(renamed.relabelled([1, 2, 0]) == set && renamed != set)
        var stream = RandomStream(seed: 5, purpose: "test")
        let shuffled = set.shuffled(&stream)
        #expect(shuffled.labels.sorted() == set.labels.sorted() && shuffled.labels != set.labels)
        #expect(shuffled.features.bits == set.features.bits)
    }

    @Test("sets are equal where their examples and labels are")
    func equality() throws {
        let set = try SupportSamples.rows(), again = try SupportSamples.rows(), other = try SupportSamples.rows(seed: 8)
        #expect(set == again && set.hashValue == again.hashValue && set != other)
        #expect(Set([set, again, other]).count == 2)
        #expect(set.exampleShape == [4] && set.count == 6)
        #expect(try SupportSamples.images().exampleShape == [2, 5, 5])
    }

    @Test("codes have norm 1 and inner products -1 / (C - 1), in C - 1 dimensions", arguments: [2, 3, 5, 10, 64])
    func codes(_ count: Int) {
        let codes = LabelCodes.codes(count)
        #expect(codes.shape == [count, count - 1])
        let gram = matmul(codes, codes, transposeB: true).doubles
        for (place, value) in gram.enumerated() {
            let (row, column) = place.quotientAndRemainder(dividingBy: count)
            #expect(abs(value - (row == column ? 1 : -1 / Double(count - 1))) < 1e-13)
        }
        #expect(codes.sum(axes: [0]).doubles.allSatisfy { abs($0) < 1e-12 })
    }
}
