import Networks
import Tensors
import Testing

@testable import Evaluation

// article
extension Baseline {
    /// The element-wise median of three aligned zoo networks: member i takes three of them at random.
    public static let medianOfThree = Baseline(
        "median-3", label: "median of 3 aligned", isRival: true, group: .average, leastZoo: 3
    ) { zoo, count in
        let (networks, width) = (zoo.weights.shape[0], zoo.weights.shape[1])
        let rows = (0..<count).map { index in
            var stream = zoo.stream("median-3", index)  // the text is hashed into the draws and never changes
            let chosen = stream.permutation(networks).prefix(3).map { zoo.row($0) }
            let (low, high) = (chosen[0].minimum(chosen[1]), chosen[0].maximum(chosen[1]))
            return low.maximum(high.minimum(chosen[2]))
        }
        return .weights(BaselineSource.stack(rows, width: width))
    }
}

extension Baseline.Family {
    /// The line of `Baseline.families`.
    static let medianOfThree = Baseline.Family(.medianOfThree)
}
// end

@Suite("The article on adding a baseline")
struct AddABaselineTests {
    private let zoo: Tensor = {
        var stream = RandomStream(seed: 3, purpose: "test.zoo")
        return stream.normal([9, 20])
    }()

    private func weights(_ count: Int, seed: UInt64 = 1) throws -> Tensor {
        let source = BaselineSource(weights: zoo, codes: zoo, seed: seed)
        guard case .weights(let made) = Baseline.medianOfThree.members(of: source, count: count) else {
            Issue.record("members are not weights")
            return zoo
        }
        return made
    }

    @Test("member i depends on the zoo, the seed and i alone")
    func members() throws {
        let made = try weights(12)
        #expect(made.shape == [12, 20])
        #expect(try weights(5).floats == made.sliced(axis: 0, 0..<5).floats)
        #expect(try weights(12, seed: 2).floats != made.floats)
    }

    @Test("an element of a median is one of the zoo's, between the others of its three")
    func medians() throws {
        let rows = zoo.floats
        for (place, value) in try weights(12).floats.enumerated() {
            let column = (0..<9).map { rows[$0 * 20 + place % 20] }
            #expect(column.contains(value))
            #expect(value < column.max() ?? value && value > column.min() ?? value)
        }
    }

    @Test("it is found by its name in files, and wants three networks")
    func family() {
        #expect(Baseline.Family.medianOfThree.named("median-3") == .medianOfThree)
        #expect(Baseline.Family.medianOfThree.named("median-4") == nil)
        #expect(!Baseline.medianOfThree.isPossible(zooCount: 2) && Baseline.medianOfThree.isPossible(zooCount: 3))
    }
}
