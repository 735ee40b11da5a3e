import Testing
import TestSupport

@testable import Tensors

/// Bounds are five standard errors; seeds are fixed, so that a test that passes once always passes.
@Suite("Random streams")
struct RandomStreamTests {
    /// First words of a stream, computed by another program from the definition: key = mix(mix(seed) xor hash), mix
    /// the finaliser of SplitMix64, hash FNV-1a of the purpose; word i is word i mod 4 of Philox4x32-10's block i div 4.
    struct Golden: Sendable, CustomStringConvertible {
        let seed: UInt64
        let purpose: String
        let index: UInt64
        /// The upper 24 bits of the first words.
        let uniforms: [Float]
        let normals: [Float]
        /// Whole numbers below 1,000,003.
        let integers: [Int]
        var description: String { "\(seed) \"\(purpose)\" \(index)" }
    }

    static let golden = [
        Golden(
            seed: 0, purpose: "", index: 0,
            uniforms: [9_051_468, 9_921_018, 14_877_145, 8_671_721, 3_615_719, 1_984_095],
            normals: [-0.932958, -0.603141, -0.487544, -0.051888, 1.29017, 1.185295],
            integers: [539_511, 591_340, 886_749, 516_876, 215_514, 118_261]),
        Golden(
            seed: 7, purpose: "zoo.init", index: 3,
            uniforms: [13_287_710, 1_810_069, 2_891_575, 11_908_138, 7_848_120, 13_301_984],
            normals: [0.531919, 0.428284, -0.468854, -1.815659, 0.32796, -1.18825],
            integers: [792_011, 107_888, 172_351, 709_782, 467_785, 792_862]),
        Golden(
            seed: .max, purpose: "flow.time", index: 1 << 40,
            uniforms: [1990, 13_597_219, 7_740_746, 4_490_257, 9_949_619, 1_305_752],
            normals: [1.57657, -3.948766, -0.137577, 1.236171, 0.90243, 0.480203],
            integers: [118, 810_459, 461_385, 267_641, 593_045, 77_829]),
    ]

    @Test("the first numbers are those of the definition", arguments: golden)
    func goldenNumbers(_ golden: Golden) {
        var streams = (0..<3).map { _ in RandomStream(seed: golden.seed, purpose: golden.purpose, index: golden.index) }
        #expect(streams[0].uniform([6]).floats == golden.uniforms.map { $0 / 16_777_216 })
        let normals = streams[1].normal([6]).floats
        #expect(zip(normals, golden.normals).allSatisfy { abs($0 - $1) < 2e-6 })
        #expect(golden.integers.map { _ in streams[2].integer(below: 1_000_003) } == golden.integers)
    }

    private static func uniforms(_ seed: UInt64, _ purpose: String, _ index: UInt64, _ count: Int = 20_000) -> [Double]
    {
        var stream = RandomStream(seed: seed, purpose: purpose, index: index)
        return stream.uniform([count]).doubles
    }

    @Test("the same seed, purpose and index give the same numbers; pieces of whole blocks join")
    func determinism() {
        #expect(Self.uniforms(5, "a", 2) == Self.uniforms(5, "a", 2))
        var whole = RandomStream(seed: 5, purpose: "a")
        var pieces = whole
        var copy = whole
        let all = whole.normal([1000]).floats
        #expect(pieces.normal([400]).floats + pieces.normal([600]).floats == all)
        #expect(copy.normal([10, 100]).floats == all, "the shape does not matter")
    }

    @Test(
        "streams that differ in any part are uncorrelated",
        arguments: [
            (6, "a", 2), (5, "b", 2), (5, "a", 3), (5, "a.", 2), (4, "a", 2), (5, "a", 1 << 32 + 2),
            (1 << 63 + 5, "a", 2),
        ] as [(UInt64, String, UInt64)])
    func independence(_ seed: UInt64, _ purpose: String, _ index: UInt64) {
        let x = Self.uniforms(5, "a", 2)
        let y = Self.uniforms(seed, purpose, index)
        let products = zip(x, y).map { ($0 - 0.5) * ($1 - 0.5) * 12 }
        #expect(Moments(products).meanErrors(from: 0, std: 1) < 5)
        #expect(zip(x, y).filter { $0 == $1 }.count < 5, "not the same numbers")
        #expect(zip(x.dropFirst(), y).filter { $0 == $1 }.count < 5, "nor shifted")
    }

    @Test("uniform moments and even cells")
    func uniformMoments() {
        let x = Self.uniforms(1, "moments", 0, 1_000_000)
        let moments = Moments(x)
        #expect(moments.meanErrors(from: 0.5, std: (1.0 / 12).squareRoot()) < 5)
        #expect(abs(moments.variance - 1.0 / 12) < 5 * (1.0 / 180 / 1e6).squareRoot(), "var of (x - 1/2)^2 is 1/180")
        #expect(x.allSatisfy { $0 >= 0 && $0 < 1 })
        var cells = [Int](repeating: 0, count: 1000)
        for value in x { cells[Int(value * 1000)] += 1 }
        #expect(chiSquareExcess(cells) < 5)
    }

    @Test("normal moments, tails and neighbours")
    func normalMoments() {
        var stream = RandomStream(seed: 2, purpose: "moments")
        let x = stream.normal([1_000_000]).doubles
        let moments = Moments(x)
        #expect(moments.meanErrors(from: 0, std: 1) < 5)
        #expect(abs(moments.variance - 1) < 5 * (2 / 1e6).squareRoot())
        #expect(abs(moments.skewness) < 5 * (6 / 1e6).squareRoot())
        #expect(abs(moments.kurtosis - 3) < 5 * (24 / 1e6).squareRoot())
        let beyond = Double(x.filter { abs($0) > 3 }.count)
        #expect(abs(beyond - 2699.8) < 5 * 2699.8.squareRoot(), "P(|x| > 3) = 0.0026998")
        #expect(Moments(zip(x, x.dropFirst()).map { $0 * $1 }).meanErrors(from: 0, std: 1) < 5, "neighbours")
        #expect(Moments(zip(x, x.dropFirst(2)).map { $0 * $1 }).meanErrors(from: 0, std: 1) < 5, "pairs")
    }

    @Test("whole numbers are uniform", arguments: [2, 3, 7, 10, 100, 1000])
    func integers(_ bound: Int) {
        var stream = RandomStream(seed: 3, purpose: "integers")
        var counts = [Int](repeating: 0, count: bound)
        for _ in 0..<200_000 { counts[stream.integer(below: bound)] += 1 }
        #expect(chiSquareExcess(counts) < 5)
    }

    @Test("large bounds are uniform too: multiplication without rejection would favour some thirds")
    func largeBounds() {
        // Below 3 * 2^30, 2^32 words fill 4 of every 3 places: unrejected, x mod 3 = 0 would come up half the time.
        var stream = RandomStream(seed: 4, purpose: "integers")
        var counts = [0, 0, 0]
        for _ in 0..<60_000 { counts[stream.integer(below: 3 << 30) % 3] += 1 }
        #expect(chiSquareExcess(counts) < 5)
        #expect(stream.integer(below: 1) == 0)
    }

    @Test("a permutation holds every index once, and every place is as likely", arguments: [0, 1, 2, 5, 1000])
    func permutation(_ count: Int) {
        var stream = RandomStream(seed: 5, purpose: "permutation")
        #expect(stream.permutation(count).sorted() == Array(0..<count))
        guard count == 5 else { return }
        var orders: [[Int]: Int] = [:]
        for _ in 0..<60_000 { orders[stream.permutation(5), default: 0] += 1 }
        #expect(orders.count == 120 && chiSquareExcess(Array(orders.values)) < 5)
    }

    @Test("whole numbers and permutations go on where the last draw ended")
    func positions() {
        var stream = RandomStream(seed: 6, purpose: "position")
        let draws = [stream.uniform([4]).floats, stream.uniform([4]).floats, stream.normal([4]).floats]
        #expect(Set(draws.flatMap { $0 }).count == 12)
        var one = RandomStream(seed: 6, purpose: "position")
        var other = one
        _ = one.integer(below: 10)
        _ = other.integer(below: 99)
        #expect(one.permutation(50) == other.permutation(50), "a draw takes one word, whatever its bound")
    }
}
