import Testing

@testable import Formats

@Suite("Words of Flax, Haiku, Keras and scikit-learn")
struct LayerWordsTests {
    @Test(
        "kernels are known wherever the word stands",
        arguments: [
            ("params/Dense_0/kernel", "params.Dense_0.weight"), ("dense/kernel:0", "dense.weight"),
            ("fc1_kernel", "fc1.weight"), ("fc1Kernel", "fc1.weight"), ("d0.Kernel", "d0.weight"),
            ("linear1.kernel.value", "linear1.weight"), ("linear1.kernel.raw_value", "linear1.weight"),
            ("kernel_0", "0.weight"), ("kernel1", "1.weight"), ("net/kernel/2", "net.2.weight"),
            ("KERNEL", "weight"), ("coefs_0", "0.weight"), ("mlp/~/linear_0/w", "mlp.linear_0.weight"),
            ("linear_1.w", "linear_1.weight"), ("layer/w", "layer.weight"),
        ])
    func kernels(_ name: String, _ ours: String) {
        let words = LayerWords([name])
        #expect(words.areForeign && words.readings[0].name == ours, "\(words.readings)")
        #expect(words.readings[0].kind == .kernel)
    }

    @Test(
        "what stands beside a kernel is called in the same way",
        arguments: [
            ("fc1_kernel", "fc1_bias", "fc1.bias"), ("d0.Kernel", "d0.Bias", "d0.bias"),
            ("linear1.kernel.value", "linear1.bias.value", "linear1.bias"), ("kernel_0", "bias_0", "0.bias"),
            ("coefs_0", "intercepts_0", "0.bias"), ("mlp/~/linear_0/w", "mlp/~/linear_0/b", "mlp.linear_0.bias"),
            ("kernel", "bn_moving_variance", "bn.running_var"), ("kernel", "other/thing", "other.thing"),
        ])
    func others(_ kernel: String, _ name: String, _ ours: String) {
        let readings = LayerWords([kernel, name]).readings
        #expect(readings[1].name == ours && readings[1].kind == .other, "\(readings)")
    }

    @Test("names of PyTorch stay as they are", arguments: ["0.weight", "l0.W", "w0", "kernel.weight", "scale"])
    func plain(_ name: String) {
        let words = LayerWords([name, "x.weight"])
        #expect(!words.areForeign && words.readings[0].name == name && words.readings[0].kind == .other)
    }
}
