import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Paths")
struct PathTests {
    private static let ends = (normalDoubles([6, 5], seed: 1), normalDoubles([6, 5], seed: 2))
    private static let noise = normalDoubles([6, 5], seed: 3)

    private static func at(_ path: Path, _ t: Double) -> PathSample {
        path.sample(from: ends.0, to: ends.1, at: .full([6, 1], t, precision: .double), noise: noise)
    }

    @Test("the velocity is the derivative of the location by time", arguments: Path.Kind.allCases, [0.001, 0.3, 2])
    func velocity(_ kind: Path.Kind, _ sigma: Double) {
        let t = normalDoubles([6, 1], seed: 4).sigmoid()
        let path = Path(kind, sigma: sigma)
        func location(_ t: Tensor) -> PathSample {
            path.sample(from: Self.ends.0, to: Self.ends.1, at: t, noise: Self.noise)
        }
        let (_, slope) = pushforward(at: t, along: .ones([6, 1], precision: .double)) { location($0).x }
        #expect(relativeDifference(slope, location(t).velocity) < 1e-13)
        let h = 1e-5
        let difference = (location(t + h).x - location(t - h).x) / (2 * h)
        #expect(relativeDifference(difference, location(t).velocity) < 1e-7)
        #expect(location(t).t.doubles == t.doubles)
    }

    @Test("from the source to the data, but for sigma's noise", arguments: [0.001, 0.1])
    func ends(_ sigma: Double) {
        let (x0, x1) = Self.ends
        for kind in [Path.Kind.linear, .variancePreserving] {
            let path = Path(kind, sigma: sigma)
            #expect(relativeDifference(Self.at(path, 0).x, x0 + Self.noise * sigma) < 1e-15)
            #expect(relativeDifference(Self.at(path, 1).x, x1 + Self.noise * sigma) < 1e-15)
        }
        let target = Path(.targetConditional, sigma: sigma)
        #expect(relativeDifference(Self.at(target, 0).x, x0) < 1e-15)
        #expect(relativeDifference(Self.at(target, 1).x, x1 + x0 * sigma) < 1e-15)
        let bridge = Path(.schrodingerBridge, sigma: sigma)
        #expect(relativeDifference(Self.at(bridge, 0).x, x0) < 0.02)
        #expect(relativeDifference(Self.at(bridge, 1).x, x1) < 0.02)
    }

    @Test("halfway, by hand")
    func middle() {
        let (x0, x1) = Self.ends
        let (sigma, noise) = (0.2, Self.noise)
        let straight = (x0 + x1) / 2
        let expected: [Path.Kind: Tensor] = [
            .linear: straight + noise * sigma,
            .targetConditional: x1 / 2 + x0 * (1 - 0.8 / 2),
            .variancePreserving: (x0 + x1) * 0.5.squareRoot() + noise * sigma,
            .schrodingerBridge: straight + noise * (sigma / 2),
        ]
        for (kind, location) in expected {
            #expect(relativeDifference(Self.at(Path(kind, sigma: sigma), 0.5).x, location) < 1e-14, "\(kind)")
        }
    }

    @Test("a bridge keeps away from its ends, where its velocity has no limit, and tells the time it used")
    func margin() {
        let sample = Self.at(Path(.schrodingerBridge, sigma: 1), 0)
        #expect(sample.t.doubles == Array(repeating: Path.bridgeMargin, count: 6) && sample.velocity.isFinite)
    }

    @Test("independent ends of equal variance keep it along a variance-preserving path only")
    func variance() {
        let (x0, x1) = (normalDoubles([20_000, 1], seed: 5), normalDoubles([20_000, 1], seed: 6))
        func variance(_ kind: Path.Kind) -> Double {
            let t = Tensor.full([20_000, 1], 0.3, precision: .double)
            return Moments(Path(kind, sigma: 1e-9).sample(from: x0, to: x1, at: t, noise: x0).x.doubles).variance
        }
        #expect(abs(variance(.variancePreserving) - 1) < 5 * 0.01)
        #expect(abs(variance(.linear) - (0.49 + 0.09)) < 5 * 0.01)
    }

    @Test(
        "PyTorch's points on the path",
        arguments: try TorchCase.family("velocity_net", where: { !$0.contains("intervals") }))
    func torch(_ expected: TorchCase) throws {
        let sample = Path(.linear, sigma: try expected.option("sigma").double).sample(
            from: try expected.input("x0"), to: try expected.input("x1"), at: try expected.input("t"),
            noise: try expected.input("noise"))
        #expect(relativeDifference(sample.x, try expected.output("x_t")) < 1e-10)
    }
}
