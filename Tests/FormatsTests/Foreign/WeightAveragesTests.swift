import Testing

@testable import Formats

@Suite("Names of averages of weights")
struct WeightAveragesTests {
    @Test(
        "keys that say so",
        arguments: [
            "ema", "EMA", "params_ema", "model_ema", "ema_state_dict", "state_dict_ema", "model_ema_state_dict",
            "shadow_params", "collected_params", "ema_model", "emaModel", "modelEMA", "swa_state_dict", "ema_0.999",
            "averaged_model", "generator_ema",
        ])
    func keys(key: String) { #expect(WeightAverages.isKey(key)) }

    @Test(
        "keys that do not", arguments: ["embedding", "emanation", "schema", "model", "state_dict", "swap", "remap", ""])
    func others(key: String) { #expect(!WeightAverages.isKey(key)) }

    @Test("files' names without the word, and words of layers that are no such word")
    func files() {
        #expect(WeightAverages.without("model_ema") == "model" && WeightAverages.without("ema-net.2") == "net_2")
        #expect(WeightAverages.without("average_pool") == nil && WeightAverages.without("model") == nil)
        #expect(WeightAverages.parts("modelEMA_v2") == ["model", "ema", "v2"])
    }
}
