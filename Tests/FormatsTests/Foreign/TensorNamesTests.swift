import Networks
import TestSupport
import Testing

@testable import Formats
@testable import ModelZoo

@Suite("What names of tensors say")
struct TensorNamesTests {
    @Test(
        "A name is its module, a dot and its leaf",
        arguments: [
            ("layers.0.weight", "layers.0", "weight"), ("weight", "", "weight"), ("a.b", "a", "b"), ("", "", ""),
            (".weight", "", "weight"),
        ])
    func parts(name: String, module: String, leaf: String) {
        #expect(TensorNames.module(name) == module && TensorNames.leaf(name) == leaf)
    }

    @Test("Counters and running statistics are known by their leaf alone")
    func kinds() {
        #expect(TensorNames.isCounter("bn.num_batches_tracked") && !TensorNames.isCounter("num_batches_tracked.weight"))
        #expect(TensorNames.isBuffer("a.running_mean") && TensorNames.isBuffer("running_var"))
        #expect(!TensorNames.isBuffer("running_mean.weight") && !TensorNames.isBuffer("a.mean"))
    }

    @Test("Wrappers come off one after the other, as long as all names bear the same one")
    func wrappers() {
        let names = ["model.module.a.weight", "model.module.b"]
        #expect(TensorNames.unwrapped(names) == [names, ["module.a.weight", "module.b"], ["a.weight", "b"]])
        for names in [
            ["encoder.a", "encoder.b"], ["model.a", "net.b"], ["model.a", "models.b"], ["a"], ["model"], [],
        ] {
            #expect(TensorNames.unwrapped(names) == [names])
        }
        #expect(TensorNames.unwrapped(["model.a"]).last == ["a"])
    }

    @Test("An optimizer's state stands beside one wrapper, and is none where other names are the network's")
    func others() {
        #expect(
            TensorNames.otherKeys(["model.a", "optimizer.state.0", "lr_scheduler.x"]) == ["optimizer", "lr_scheduler"])
        #expect(TensorNames.otherKeys(["model.a", "model.b"]).isEmpty)
        #expect(TensorNames.otherKeys(["encoder.a", "optimizer.state.0"]).isEmpty)
        #expect(TensorNames.otherKeys(["model.a", "decoder.b", "optimizer.c"]).isEmpty)
        #expect(TensorNames.otherKeys(["model.a", "bare", "optimizer.c"]).isEmpty)
        #expect(TensorNames.otherKeys(["optimizer.c"]).isEmpty && TensorNames.otherKeys([]).isEmpty)
    }
}
