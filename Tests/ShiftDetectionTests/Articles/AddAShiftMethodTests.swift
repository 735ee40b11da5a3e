import Basics
import Tensors
import Testing

@testable import ShiftDetection

// article
/// How much less sure the model is: the mean of its largest probability over the other rows, less that over the sample.
public struct ConfidenceMethod: ShiftMethod {
    /// There is nothing to set.
    public init() {}
    /// No keys.
    public static let keys: [ConfigKey] = []

    /// mean over others of max_c p(c | x) - mean over the sample of max_c p(c | x).
    public func values(
        of samples: [[Int]], in pool: ShiftRows, model: ShiftModel, progress: WorkProgress
    ) throws -> [Double] {
        let confidence = pool.probabilities.max(axes: [1]).doubles
        let total = confidence.reduce(0, +)
        return try map(samples, of: pool, progress: progress) { sample in
            let mine = sample.reduce(0) { $0 + confidence[$1] }
            return (total - mine) / Double(pool.count - sample.count) - mine / Double(sample.count)
        }
    }
}
// end

@Suite("The article on adding a shift method")
struct AddAShiftMethodTests {
    @Test("its p-value is exact: small where rows are doubtful, any where nothing has changed")
    func test() throws {
        // Two classes; the reference is answered with 0.9, the sample with 0.6.
        func rows(_ probability: Double, _ count: Int, seed: UInt64) -> ShiftRows {
            var stream = RandomStream(seed: seed, purpose: "example")
            let first = stream.uniform([count, 1]) * 0.1 + probability
            return ShiftRows(features: nil, probabilities: .concatenate([first, -first + 1], axis: 1))
        }
        // article
        let (reference, sample) = (rows(0.85, 100, seed: 0), rows(0.55, 10, seed: 1))
        let method = ConfidenceMethod()
        let found = try method.test(
            sample, against: reference, model: ShiftModel(), permutations: 999, seed: 0)
        print(found.pValue)  // 0.001
        // end
        #expect(found.pValue == 0.001)
        let same = try method.test(
            rows(0.85, 10, seed: 2), against: reference, model: ShiftModel(), permutations: 999, seed: 0)
        #expect(same.pValue > 0.01)
    }

    @Test("a line of the table makes it a kind")
    func kind() throws {
        let kinds =
            ShiftMethodFamily.standard + [
                ConfigKind("confidence", ConfidenceMethod.self, "how much less sure the model is") { $0 }
            ]
        #expect(Described<ShiftMethodFamily>(ConfidenceMethod(), in: kinds).kind == "confidence")
        #expect(ConfidenceMethod().level == .exact && !ConfidenceMethod().needsFeatures)
    }
}
