import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("The geometry of paths")
struct PathGeometryTests {
    private static let (x0, x1) = (normalDoubles([4, 3], seed: 1), normalDoubles([4, 3], seed: 2))
    private static let noise = normalDoubles([4, 3], seed: 3)
    private static let still = Tensor.zeros([4, 3], precision: .double)

    private static func at(_ path: Path, _ t: Double, _ x0: Tensor, _ x1: Tensor, _ noise: Tensor) -> PathSample {
        path.sample(from: x0, to: x1, at: .full([4, 1], t, precision: .double), noise: noise)
    }

    @Test("near both ends too the velocity is the central difference of locations", arguments: Path.Kind.allCases)
    func central(_ kind: Path.Kind) {
        let path = Path(kind, sigma: 0.4)
        for t in [0.01, 0.05, 0.5, 0.95, 0.99] {
            let h = 1e-5
            let (before, after) = (
                Self.at(path, t - h, Self.x0, Self.x1, Self.noise), Self.at(path, t + h, Self.x0, Self.x1, Self.noise)
            )
            let velocity = Self.at(path, t, Self.x0, Self.x1, Self.noise).velocity
            #expect(relativeDifference((after.x - before.x) / (2 * h), velocity) < 1e-5, "t = \(t)")
        }
    }

    @Test("locations and velocities are linear in the ends and the noise", arguments: Path.Kind.allCases)
    func linearity(_ kind: Path.Kind) {
        let path = Path(kind, sigma: 0.7)
        for t in [0.0, 0.3, 1] {
            let whole = Self.at(path, t, Self.x0 * 2, Self.x1 * -3, Self.noise * 5)
            let parts = [
                Self.at(path, t, Self.x0, Self.still, Self.still), Self.at(path, t, Self.still, Self.x1, Self.still),
                Self.at(path, t, Self.still, Self.still, Self.noise),
            ]
            let x = parts[0].x * 2 + parts[1].x * -3 + parts[2].x * 5
            let velocity = parts[0].velocity * 2 + parts[1].velocity * -3 + parts[2].velocity * 5
            #expect(relativeDifference(whole.x, x) < 1e-13)
            #expect(relativeDifference(whole.velocity, velocity) < 1e-12)
        }
    }

    @Test(
        "walked backwards it is the path between exchanged ends",
        arguments: [Path.Kind.linear, .variancePreserving, .schrodingerBridge], [0.1, 0.5, 0.8])
    func reversal(_ kind: Path.Kind, _ t: Double) {
        let path = Path(kind, sigma: 0.3)
        let forth = Self.at(path, t, Self.x0, Self.x1, Self.noise)
        let back = Self.at(path, 1 - t, Self.x1, Self.x0, Self.noise)
        #expect(relativeDifference(forth.x, back.x) < 1e-13)
        #expect(relativeDifference(forth.velocity, back.velocity * -1) < 1e-12)
    }

    @Test("a straight path has one velocity; a quarter circle turns: its acceleration is -(pi/2)^2 x")
    func shapes() {
        let speeds = [0.0, 0.4, 1].map { Self.at(Path(.linear, sigma: 0.2), $0, Self.x0, Self.x1, Self.noise).velocity }
        #expect(speeds.allSatisfy { relativeDifference($0, Self.x1 - Self.x0) < 1e-15 })
        let circle = Path(.variancePreserving, sigma: 0)
        let (t, h) = (0.37, 1e-4)
        func velocity(_ t: Double) -> Tensor { Self.at(circle, t, Self.x0, Self.x1, Self.still).velocity }
        let acceleration = (velocity(t + h) - velocity(t - h)) / (2 * h)
        let x = Self.at(circle, t, Self.x0, Self.x1, Self.still).x
        #expect(relativeDifference(acceleration, x * (-Double.pi * .pi / 4)) < 1e-7)
    }

    @Test("a bridge's noise has variance sigma^2 t (1 - t)", arguments: [0.1, 0.5, 0.75])
    func bridge(_ t: Double) {
        let path = Path(.schrodingerBridge, sigma: 2)
        let sample = Self.at(path, t, Self.still, Self.still, Self.noise)
        let expected = Self.noise * (4 * t * (1 - t)).squareRoot()
        #expect(relativeDifference(sample.x, expected) < 1e-14)
        // d/dt sqrt(t (1 - t)) vanishes half-way.
        #expect((sample.velocity.abs().max().scalar < 1e-14) == (t == 0.5))
    }

    @Test(
        "the start follows from a point and its velocity, with its factor in the point",
        arguments: [
            Path(.linear, sigma: 0), Path(.targetConditional, sigma: 0.3), Path(.variancePreserving, sigma: 0),
        ],
        [0.0, 0.2, 0.9])
    func sourceShare(_ path: Path, _ t: Double) {
        let share = path.sourceShare(at: t)
        let sample = Self.at(path, t, Self.x0, Self.x1, Self.still)
        let start = sample.x * share.ofPoint + sample.velocity * share.ofVelocity
        #expect(relativeDifference(start, Self.x0) < 1e-13)
        let alone = Self.at(path, t, Self.x0, Self.still, Self.still)
        #expect(relativeDifference(alone.x, Self.x0 * share.scale) < 1e-14)
    }

    @Test("without width a target-conditional path is the straight one")
    func target() {
        for t in [0.0, 0.6, 1] {
            let one = Self.at(Path(.targetConditional, sigma: 0), t, Self.x0, Self.x1, Self.noise)
            let other = Self.at(Path(.linear, sigma: 0), t, Self.x0, Self.x1, Self.noise)
            #expect(one.x.doubles == other.x.doubles && relativeDifference(one.velocity, other.velocity) < 1e-15)
        }
        let wide = Self.at(Path(.targetConditional, sigma: 1), 0.5, Self.x0, Self.x1, Self.noise)
        #expect(relativeDifference(wide.velocity, Self.x1) < 1e-15, "a source that stays is only added to")
    }
}
