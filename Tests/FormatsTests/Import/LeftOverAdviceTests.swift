import Networks
import Testing

@testable import Formats

@Suite("Advice on tensors that are left over")
struct LeftOverAdviceTests {
    private func tensors(_ shapes: [(String, [Int])], _ value: Float = 0) -> [ForeignTensor] {
        ForeignNetwork(
            shapes.map { ($0, $1, [Float](repeating: value, count: $1.reduce(1, *))) }
        ).tensors
    }

    /// The advice where the tensors after the first `kept` are left over.
    private func advice(
        _ shapes: [(String, [Int])], kept: Int = 2, value: Float = 0, pattern: String? = nil
    ) -> String? {
        let all = tensors(shapes, value)
        return LeftOverAdvice(all, TensorView(all), Array(kept..<all.count)).text(pattern)
    }

    private let layer = [("0.weight", [2, 3]), ("0.bias", [2])]

    @Test("Single tensors are named, whole modules by their name and a star")
    func names() {
        #expect(advice(layer + [("odd", [2])]) == "--skip odd leaves it out")
        #expect(advice(layer + [("m.weight", [2])]) == "--skip m.weight leaves it out")
        #expect(
            advice(layer + [("aux.weight", [5, 2]), ("aux.bias", [5])])
                == "--skip \"aux.*\" leaves them out")
        #expect(
            advice(layer + [("a.b.x", [1]), ("a.b.y", [1]), ("c.z", [1])])
                == "--skip \"a.b.*\" --skip c.z leaves them out")
    }

    @Test("A module of which something is kept is not named as a whole")
    func partly() {
        #expect(
            advice([("0.weight", [2, 3]), ("0.x", [1]), ("0.y", [1])], kept: 2)
                == "--skip 0.y leaves it out")
    }

    @Test("A layer's bias or weight is no extra where the other is kept")
    func halves() {
        #expect(advice(layer, kept: 1) == nil)
        #expect(advice([layer[1], layer[0]], kept: 1) == nil)
        #expect(advice(layer, kept: 1, pattern: "*.bias") == nil)
        #expect(advice([layer[0], ("1.bias", [2])], kept: 1) == "--skip 1.bias leaves it out")
        #expect(advice([layer[0], ("bias", [2])], kept: 1) == "--skip bias leaves it out")
    }

    @Test("At most six options are written out; a pattern is one")
    func many() {
        let odd = (0..<7).map { ("odd\($0)", [1]) }
        let six = (0..<6).map { "--skip odd\($0)" }.joined(separator: " ")
        #expect(advice(layer + odd.prefix(6)) == "\(six) leaves them out")
        #expect(advice(layer + odd) == nil)
        #expect(advice(layer + odd, pattern: "odd*") == "--skip \"odd*\" leaves them out")
        #expect(advice(layer + (0..<2000).map { ("x\($0)", [1]) }) == nil)
    }

    @Test(
        "What weights are multiplied by is said to change the network, unless it is 1",
        arguments: ["temperature", "0.weight_scale", "block.gamma", "Mask", "logit_scale2"])
    func factors(name: String) throws {
        let text = try #require(advice(layer + [(name, [1])], value: 2))
        #expect(text.hasPrefix("by its name \(name) changes what the network computes"))
        #expect(text.hasSuffix("(--skip \(name) is right only where it changes nothing)"))
        #expect(advice(layer + [(name, [1])], value: 1) == "--skip \(name) leaves it out")
        #expect(advice(layer + [(name, [0])], value: 2) == "--skip \(name) leaves it out")
    }

    @Test(
        "Words that only hold such a word are no factors",
        arguments: ["upscaled", "unmasked", "tauri", "again"])
    func noFactors(name: String) {
        #expect(advice(layer + [(name, [1])], value: 2) == "--skip \(name) leaves it out")
    }

    @Test("Odd ones are of no layer and no norm")
    func odd() {
        let all = tensors([
            ("0.weight", [2, 3]), ("0.bias", [2]), ("1.weight", [2]), ("1.bias", [2]),
            ("2.running_mean", [2]),
            ("pos", [1, 5]), ("3.weight", [2]), ("4.x", [2, 2]), ("0.more", [7]), ("5.bias", [2]),
            ("weight", [2, 2]),
        ])
        #expect(LeftOverAdvice.oddOnes(TensorView(all)) == [5, 6, 7, 9, 10])
        #expect(LeftOverAdvice.oddOnes(TensorView(tensors(layer))).isEmpty)
    }

    @Test(
        "Names stand in a shell as they are, or in quotation marks",
        arguments: [
            ("layers.0.weight", "layers.0.weight"), ("a_b-c", "a_b-c"), ("é1", "é1"), ("a.*", "\"a.*\""),
            ("a b", "\"a b\""), ("a/b:0", "\"a/b:0\""), ("a\u{1B}b", "\"a\u{FFFD}b\""),
            ("$(x)", "'$(x)'"), ("a`b", "'a`b'"), ("it's $5", "'it'\\''s $5'"), ("", "\"\""),
        ])
    func quoted(name: String, text: String) { #expect(LeftOverAdvice.quoted(name) == text) }
}
