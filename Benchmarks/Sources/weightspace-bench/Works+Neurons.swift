import Generation
import Networks
import Tensors

extension Works {
    /// One training step of the neuron transformer on networks of these widths: minibatch, forward, backward, AdamW and
    /// the weights' moving average.
    static func neuronStep(widths: [Int], batch: Int, count: Int, steps: Int, _ repeats: Int) -> [Double] {
        let layout = Architecture.mlp(MLP.Config(widths: widths)).layout
        var config = TrainingConfig()
        (config.steps, config.checkEvery) = (1_000_000, 1_000_000)
        (config.batch, config.rate, config.decay, config.beta2, config.emaDecay) = (batch, 1e-3, 0, 0.99, 0.999)
        let objective = FlowObjective(
            source: GaussianSource(dimension: layout.count, std: 1), path: Path(.linear, sigma: 0),
            times: .logitNormal(mean: 0, std: 1))
        let net = NeuronTransformer(layout, config: .init(width: 128, layers: 4, heads: 4))
        let training = GeneratorTraining(config: config, net: net, objective: objective, seed: 0)
        let codes = normal([count, layout.count], "neurons")
        var state = training.start()
        return time(repeats, share: steps) {
            let end = state.step + steps
            _ = training.run(&state, codes: codes) { $0.step < end }
        }
    }
}
