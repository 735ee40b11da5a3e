import TestSupport
import Testing

@testable import Formats

@Suite("Words of layers and wrappers, rule by rule")
struct LayerWordRuleTests {
    @Test(
        "Whether names are another library's depends on no order, and one weight of PyTorch's decides")
    func order() {
        var choices = RandomChoices(state: 5)
        let keras = ["a/kernel:0", "a/bias:0", "n/gamma:0", "n/moving_mean:0", "step"]
        for _ in 0..<10 {
            #expect(LayerWords(keras.shuffled(using: &choices)).areForeign)
            #expect(!LayerWords((keras + ["head.weight"]).shuffled(using: &choices)).areForeign)
        }
        #expect(!LayerWords([]).areForeign && LayerWords([]).readings.isEmpty)
        for names in [["weight"], ["a/weight", "b/kernel"], ["a.bias"], ["gamma", "beta"]] {
            #expect(!LayerWords(names).areForeign, "\(names)")
        }
    }

    @Test("Readings stand in the order of the names, each as it is alone beside a kernel")
    func readings() {
        let names = [
            "a/kernel:0", "n/gamma:0", "n/beta:0", "n/moving_mean:0", "n/moving_variance:0",
            "e/embeddings",
        ]
        let readings = LayerWords(names).readings
        #expect(
            readings.map(\.name) == [
                "a.weight", "n.weight", "n.bias", "n.running_mean", "n.running_var", "e.weight",
            ])
        #expect(readings.map(\.kind) == [.kernel, .other, .other, .other, .other, .table])
        for (name, reading) in zip(names, readings) {
            let alone = LayerWords(["k/kernel", name]).readings[1]
            #expect(alone.name == reading.name && alone.kind == reading.kind)
        }
    }

    @Test(
        "A whole word for a kernel or a table holds beside PyTorch's names, a part of a word does not")
    func mixed() {
        let readings = LayerWords([
            "0.weight", "d.kernel", "e/embedding", "fc_kernel", "d.scale", "kernel_0",
        ]).readings
        #expect(
            readings.map(\.name) == [
                "0.weight", "d.weight", "e.weight", "fc_kernel", "d.scale", "kernel_0",
            ])
        #expect(readings.map(\.kind) == [.other, .kernel, .table, .other, .other, .other])
    }

    @Test(
        "Without a slash or Haiku's names a w is no weight",
        arguments: ["fc.w", "w", "linear_x.w", "b"])
    func plainW(name: String) {
        #expect(!LayerWords([name]).areForeign && LayerWords([name]).readings[0].name == name)
    }

    @Test("What training on several devices and compiling add comes off as often as all bear it")
    func parallel() {
        #expect(TensorNames.withoutParallel(["module.a.w", "module.b"]) == ["a.w", "b"])
        #expect(TensorNames.withoutParallel(["module._orig_mod.module.a"]) == ["a"])
        #expect(
            TensorNames.withoutParallel(["_orig_mod.module.a", "_orig_mod.module.b"]) == ["a", "b"])
        for names in [
            ["module.a", "b"], ["module.a", "_orig_mod.b"], ["modules.a"], ["a.module.b"], ["module"], [],
        ] {
            #expect(TensorNames.withoutParallel(names) == names)
        }
        #expect(TensorNames.withoutParallel(["ema.module.a"], more: ["ema."]) == ["a"])
        #expect(
            TensorNames.withoutParallel(["module.ema.a", "module.ema.b"], more: ["ema."]) == ["a", "b"])
        #expect(TensorNames.withoutParallel(["ema.a"]) == ["ema.a"])
    }
}
