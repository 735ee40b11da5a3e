import Tensors
import Testing

@testable import ModelZoo

@Suite("Quantiles of magnitudes")
struct MagnitudeSketchTests {
    @Test("Within a 128th of the exact order statistic, over many orders of magnitude")
    func exact() {
        var stream = RandomStream(seed: 5, purpose: "test.sketch")
        let values = (stream.normal([20_000]) * (stream.normal([20_000]) * 4).exp()).floats
        var sketch = MagnitudeSketch()
        sketch.add(values[...])
        let sorted = values.map { Double(abs($0)) }.sorted()
        for share in [0.0, 0.001, 0.05, 0.25, 0.5, 0.75, 0.95, 0.999, 1] {
            let expected = sorted[max(0, Int((share * 20_000).rounded(.up)) - 1)]
            let found = sketch.quantile(share) ?? .nan
            #expect(abs(found - expected) <= expected / 128, "\(share): \(found) against \(expected)")
        }
    }

    @Test("Pieces give what the whole gives; zeros are zeros; nothing has no quantile")
    func pieces() {
        let values: [Float] = [0, 0, 0, 1, -2, 4, .leastNonzeroMagnitude, -0]
        var (whole, pieces) = (MagnitudeSketch(), MagnitudeSketch())
        whole.add(values[...])
        for value in values { pieces.add([value]) }
        for share in [0.1, 0.6, 0.7, 1] { #expect(whole.quantile(share) == pieces.quantile(share)) }
        #expect(whole.quantile(0.5) == 0 && whole.count == 8)
        #expect(abs((whole.quantile(1) ?? 0) - 4) <= 4.0 / 128)
        #expect(MagnitudeSketch().quantile(0.5) == nil)
    }
}
