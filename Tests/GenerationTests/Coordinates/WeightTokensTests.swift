import Networks
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Weights as tokens")
struct WeightTokensTests {
    /// Linear 2 to 3, a vector of 5 of its own, a convolution 1 to 2 of width 4 without bias.
    private static let layout: ParameterLayout = {
        var builder = ParameterLayout.Builder()
        _ = Linear("a", in: 2, out: 3, layout: &builder)
        _ = builder.addSlot("table", shape: [5], role: .shift)
        _ = Conv1d("b", in: 1, out: 2, kernel: 4, bias: false, layout: &builder)
        return builder.layout()
    }()

    @Test("one token an output channel: its weights, then its bias, then padding")
    func rows() {
        let tokens = WeightTokens(Self.layout, maximumWidth: 100)
        #expect(tokens.count == 6 && tokens.width == 5)
        let x = Tensor((0..<22).map { Float($0 + 1) }, shape: [1, 22])
        let expected: [[Float]] = [
            [10, 11, 12, 13, 14], [1, 2, 7, 0, 0], [3, 4, 8, 0, 0], [5, 6, 9, 0, 0], [15, 16, 17, 18, 0],
            [19, 20, 21, 22, 0],
        ]
        #expect(tokens(x).floats == expected.flatMap { $0 })
    }

    @Test("rows longer than a token are cut; every weight comes back", arguments: [1, 2, 3, 4, 5, 9])
    func cutting(_ width: Int) {
        let tokens = WeightTokens(Self.layout, maximumWidth: width)
        #expect(tokens.width == min(width, 5))
        // Rows of 3, 3, 3, 5, 4 and 4.
        let expected = [3, 3, 3, 5, 4, 4].reduce(0) { $0 + ($1 + tokens.width - 1) / tokens.width }
        #expect(tokens.count == expected)
        let x = normalDoubles([2, 22])
        #expect(tokens.weights(of: tokens(x)).bits == x.bits)
    }

    @Test("padding is not looked at")
    func padding() {
        let tokens = WeightTokens(Self.layout, maximumWidth: 100)
        let x = normalDoubles([1, 22])
        let noise = normalDoubles([1, tokens.count, tokens.width], seed: 2)
        let isPadding = Tensor(tokens.sources.map { $0 == 22 ? 1.0 : 0 }, shape: [1, tokens.count, tokens.width])
        #expect(tokens.weights(of: tokens(x) + noise * isPadding).bits == x.bits)
    }

    @Test("the zoos' networks: every weight in exactly one place")
    func networks() {
        for layout in [
            MLP(.init(widths: [6, 5, 4, 3])).layout, MLP(.init(widths: [6, 5, 5, 3], norm: .batch)).layout,
        ] {
            let tokens = WeightTokens(layout, maximumWidth: 4)
            let used = tokens.sources.filter { Int($0) < layout.count }.sorted()
            #expect(used == (0..<Int32(layout.count)).map { $0 })
        }
    }
}
