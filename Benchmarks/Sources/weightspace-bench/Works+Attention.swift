import Networks
import Tensors

extension Works {
    /// One transformer block forward and backward, with gradients by parameters and inputs.
    static func transformerBlock(batch: Int, tokens: Int, width: Int, _ repeats: Int) -> [Double] {
        var builder = ParameterLayout.Builder()
        let block = TransformerBlock("", .init(width: width, heads: 8), layout: &builder)
        let layout = builder.layout()
        let weights = Initialization.pytorch.network(layout, RandomStream(seed: 0, purpose: "bench.block"))
        let inputs = normal([batch, tokens, width], "tokens")
        let steps = 5
        return time(repeats, share: steps) {
            for _ in 0..<steps {
                let (value, pull) = pullback(at: [weights, inputs]) {
                    [block(Parameters(layout: layout, flat: $0[0]), $0[1]).sum()]
                }
                _ = pull([.ones(value[0].shape)])
            }
        }
    }
}
