import Testing
import TestSupport

@testable import Tensors

@Suite("Convolution and pooling against PyTorch")
struct TorchSpatialTests {
    @Test("convolutions", arguments: try TorchCase.family("conv", where: { $0.hasPrefix("conv") }))
    func convolutions(_ expected: TorchCase) throws {
        let isLine = expected.name.contains("1d")
        let settings = try expected.convolution
        let extra = expected.pair("output_padding") ?? 0
        let comparison = try TorchComparison(expected, ["x", "weight", "bias"]) { inputs in
            let (x, weight, bias) = (inputs[0], inputs[1], inputs[2])
            switch (expected.name.contains("transpose"), isLine) {
            case (false, false): return conv2d(x, weight: weight, bias: bias, settings)
            case (false, true): return conv1d(x, weight: weight, bias: bias, settings)
            case (true, false): return convTranspose2d(x, weight: weight, bias: bias, settings, outputPadding: extra)
            case (true, true):
                return convTranspose1d(x, weight: weight, bias: bias, settings, outputPadding: extra.width)
            }
        }
        #expect(comparison.agrees, "\(comparison)")
    }

    @Test("pooling", arguments: try TorchCase.family("pool"))
    func pooling(_ expected: TorchCase) throws {
        let isLine = expected.name.contains("line"), isMax = expected.name.contains("max")
        let comparison = try TorchComparison(expected, ["x"]) { inputs in
            let x = isLine ? inputs[0].asImage("pool") : inputs[0]
            let pooled: Tensor
            if let size = expected.pair("output_size", line: isLine) {
                pooled = isMax ? x.maxPooled(to: size) : x.averagePooled(to: size)
            } else {
                let pooling = Pooling(
                    size: try #require(expected.pair("kernel_size", line: isLine)),
                    stride: expected.pair("stride", line: isLine),
                    padding: expected.pair("padding", line: isLine, missing: 0) ?? 0,
                    dilation: expected.pair("dilation") ?? 1)
                let counts = expected.options["count_include_pad"]?.isTrue ?? true
                pooled = isMax ? x.maxPooled(pooling) : x.averagePooled(pooling, countingPadding: counts)
            }
            return isLine ? pooled.asLine : pooled
        }
        #expect(comparison.agrees, "\(comparison)")
    }
}

extension TorchCase {
    /// A number or a pair of numbers; along a line the height is `missing`.
    fileprivate func pair(_ option: String, line: Bool = false, missing: Int = 1) -> HeightWidth? {
        guard let option = options[option] else { return nil }
        let values = option.ints
        if values.count == 2 { return HeightWidth(values[0], values[1]) }
        return line ? HeightWidth(missing, option.int) : HeightWidth(option.int, option.int)
    }

    fileprivate var convolution: Convolution {
        get throws {
            let groups = options["groups"]?.int ?? 1
            if name.contains("1d") {
                return Convolution(
                    line: options["stride"]?.int ?? 1, padding: options["padding"]?.int ?? 0,
                    dilation: options["dilation"]?.int ?? 1, groups: groups)
            }
            return Convolution(
                stride: pair("stride") ?? 1, padding: pair("padding") ?? 0, dilation: pair("dilation") ?? 1,
                groups: groups)
        }
    }
}
