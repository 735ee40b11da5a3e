import Testing
import TestSupport

@testable import Tensors

@Suite("Attention against PyTorch")
struct TorchAttentionTests {
    @Test(
        "scaled dot-product attention",
        arguments: try TorchCase.family("attention", where: { $0.hasPrefix("scaled") }), AttentionForm.allCases)
    func scaledDotProduct(_ expected: TorchCase, _ form: AttentionForm) throws {
        let names = ["query", "key", "value"]
        let kind = expected.options["mask"]?.string
        let comparison = try TorchComparison(expected, names + (kind == "additive" ? ["mask"] : [])) { inputs in
            let mask: AttentionMask? =
                switch kind {
                case "additive": .additive(inputs[3])
                case "keeping": .keeping(try expected.input("mask").converted(to: inputs[0].precision))
                default: expected.options["causal"]?.isTrue == true ? .causal : nil
                }
            return scaledDotProductAttention(
                inputs[0], inputs[1], inputs[2], mask: mask, scale: expected.options["scale"]?.double, form: form)
        }
        #expect(comparison.agrees, "\(comparison)")
    }
}
