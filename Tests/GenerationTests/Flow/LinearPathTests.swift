import Tensors
import TestSupport
import Testing

@testable import Generation

@Suite("Linear path and Gaussian source")
struct LinearPathTests {
    private static let ends = (normalDoubles([6, 5], seed: 1), normalDoubles([6, 5], seed: 2))

    @Test("the velocity is the derivative of the location by time", arguments: [0, 0.001, 0.3])
    func velocity(_ sigma: Double) {
        let (x0, x1) = Self.ends
        let noise = normalDoubles([6, 5], seed: 3)
        let t = normalDoubles([6, 1], seed: 4).sigmoid()
        let path = LinearPath(sigma: sigma)
        let (_, slope) = pushforward(at: t, along: .ones([6, 1], precision: .double)) {
            path.sample(from: x0, to: x1, at: $0, noise: noise).x
        }
        let sample = path.sample(from: x0, to: x1, at: t, noise: noise)
        #expect(relativeDifference(slope, sample.velocity) < 1e-14)
        #expect(sample.t.doubles == t.doubles)
    }

    @Test("it starts at the source and ends at the data, but for sigma's noise", arguments: [0, 0.1])
    func ends(_ sigma: Double) {
        let (x0, x1) = Self.ends
        let noise = normalDoubles([6, 5], seed: 3)
        let path = LinearPath(sigma: sigma)
        let start = path.sample(from: x0, to: x1, at: .zeros([6, 1], precision: .double), noise: noise).x
        let end = path.sample(from: x0, to: x1, at: .ones([6, 1], precision: .double), noise: noise).x
        #expect(relativeDifference(start, x0 + noise * sigma) < 1e-15)
        #expect(relativeDifference(end, x1 + noise * sigma) < 1e-15)
        let middle = path.sample(from: x0, to: x1, at: .full([6, 1], 0.5, precision: .double), noise: noise).x
        #expect(relativeDifference(middle, (x0 + x1) / 2 + noise * sigma) < 1e-15)
    }

    @Test(
        "PyTorch's points on the path",
        arguments: try TorchCase.family("velocity_net", where: { !$0.contains("intervals") }))
    func torch(_ expected: TorchCase) throws {
        let sample = LinearPath(sigma: try expected.option("sigma").double).sample(
            from: try expected.input("x0"), to: try expected.input("x1"), at: try expected.input("t"),
            noise: try expected.input("noise"))
        #expect(relativeDifference(sample.x, try expected.output("x_t")) < 1e-10)
    }

    @Test("the source has mean zero and its standard deviation in every element", arguments: [0.01, 1, 3])
    func source(_ std: Double) {
        var stream = RandomStream(seed: 1, purpose: "source")
        let draws = GaussianSource(std: std).sample(20_000, dimension: 3, &stream)
        #expect(draws.shape == [20_000, 3])
        for column in 0..<3 {
            let moments = Moments(draws.selected(axis: 1, column).doubles)
            #expect(moments.meanErrors(from: 0, std: std) < 5)
            #expect(abs(moments.variance / (std * std) - 1) < 5 * (2.0 / 20_000).squareRoot())
        }
    }
}
