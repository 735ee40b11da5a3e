import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Curves through knots")
struct SplineTests {
    private static func value(_ spline: Spline, _ values: [Double], at t: Double) -> (
        location: Double, velocity: Double
    ) {
        let weights = spline.weights(at: t)
        func sum(_ weights: [Double]) -> Double { zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 } }
        return (sum(weights.location), sum(weights.velocity))
    }

    private static let ragged: [[Double]] = [
        [0, 0.25, 0.6, 1], [0, 0.1, 0.35, 0.5, 0.8, 1], [0, 0.3, 1], [0, 1], [0.02, 0.03, 0.9, 0.95, 1],
        [0, 1e-3, 0.5, 0.999, 1],
    ]

    private static func values(_ count: Int) -> [Double] { normalDoubles([count], seed: UInt64(count)).doubles }

    /// SciPy 1.17: `CubicSpline(t, x, bc_type=...)`, its value and first derivative.
    static let scipy: [(times: [Double], values: [Double], ends: Interpolation, found: [(Double, Double, Double)])] = [
        (
            [0, 0.25, 0.6, 1], [0, 1, -1, 2], .notAKnot,
            [
                (0.1, 0.8964285714285715, 5.147619047619048), (0.3, 0.8049999999999999, -4.7095238095238106),
                (0.6, -1.0, -4.280952380952381), (0.85, -0.5464285714285717, 10.022619047619047),
            ]
        ),
        (
            [0, 0.25, 0.6, 1], [0, 1, -1, 2], .natural,
            [
                (0.1, 0.6403129657228018, 5.487651692569726), (0.3, 0.8362739134401898, -4.663569451625658),
                (0.6, -1.0, -1.683734298488397), (0.85, 0.28307962529274, 10.154673195656803),
            ]
        ),
        (
            [0, 0.1, 0.35, 0.5, 0.8, 1], [0.3, -1, 0.7, 2, -0.4, 0.9], .notAKnot,
            [
                (0.05, -0.5650960384153664, -12.754441776710683), (0.2, -0.8739015606242493, 6.42701080432173),
                (0.42, 1.50208348583878, 9.843746031746031), (0.9, -0.5295398159263702, 5.276150460184076),
            ]
        ),
        (
            [0, 0.1, 0.35, 0.5, 0.8, 1], [0.3, -1, 0.7, 2, -0.4, 0.9], .natural,
            [
                (0.05, -0.45864589386015886, -13.724305959067726), (0.2, -0.974966104977726, 6.470449996771905),
                (0.42, 1.5333560614342794, 9.955084167258486), (0.9, -0.08265736974627141, 7.6088578991542395),
            ]
        ),
        (
            [0, 0.3, 1], [1, -1, 2], .notAKnot,
            [(0.2, -0.5523809523809523, -5.571428571428571), (0.7, -0.6, 5.380952380952381)]
        ),
        (
            [0, 0.3, 1], [1, -1, 2], .natural,
            [(0.2, -0.5158730158730159, -6.119047619047619), (0.7, -0.22448979591836782, 6.0068027210884365)]
        ),
    ]

    @Test("SciPy's splines, value and derivative", arguments: scipy.indices)
    func reference(_ index: Int) {
        let (times, values, ends, found) = Self.scipy[index]
        let spline = Spline(through: times, ends)
        for (t, location, velocity) in found {
            let ours = Self.value(spline, values, at: t)
            #expect(abs(ours.location - location) < 1e-12 && abs(ours.velocity - velocity) < 1e-11)
        }
    }

    @Test("the velocity is the derivative of the location", arguments: ragged, Interpolation.allCases)
    func derivative(_ knots: [Double], _ interpolation: Interpolation) {
        let spline = Spline(through: knots, interpolation)
        let values = Self.values(knots.count)
        for (start, end) in zip(knots, knots.dropFirst()) {
            for share in [0.1, 0.37, 0.5, 0.82] {
                let t = start + share * (end - start), step = 1e-4 * (end - start)
                let slope =
                    (Self.value(spline, values, at: t + step).location
                        - Self.value(spline, values, at: t - step).location)
                    / (2 * step)
                let found = Self.value(spline, values, at: t).velocity
                #expect(abs(found - slope) <= 1e-6 * (1 + abs(slope)), "\(knots) at \(t): \(found), \(slope)")
            }
        }
    }

    @Test("curves pass through their knots, weights add up, cubic ones have no corner", arguments: ragged)
    func knots(_ knots: [Double]) {
        let values = Self.values(knots.count)
        for interpolation in Interpolation.allCases {
            let spline = Spline(through: knots, interpolation)
            for (t, value) in zip(knots, values) {
                #expect(abs(Self.value(spline, values, at: t).location - value) < 1e-9)
            }
            let weights = spline.weights(at: 0.41)
            #expect(abs(weights.location.reduce(0, +) - 1) < 1e-9 && abs(weights.velocity.reduce(0, +)) < 1e-6)
            guard interpolation != .linear else { continue }
            for (before, t) in zip(knots, knots.dropFirst().dropLast()) {
                let step = 1e-9 * (t - before)
                let (left, right) = (Self.value(spline, values, at: t - step), Self.value(spline, values, at: t + step))
                #expect(abs(left.velocity - right.velocity) < 1e-4 * (1 + abs(left.velocity)))
            }
        }
    }

    @Test("two knots are the straight line, whatever the interpolation", arguments: Interpolation.allCases)
    func line(_ interpolation: Interpolation) {
        let spline = Spline(through: [0, 1], interpolation)
        for t in [0, 0.3, 0.75, 1] {
            let weights = spline.weights(at: t)
            #expect(weights.location == [1 - t, 1 - (1 - t)] && weights.velocity == [-1, 1] && weights.length == 1)
        }
    }

    @Test("not-a-knot ends give polynomials of degree three back, natural ends straight lines")
    func polynomials() {
        func cubic(_ t: Double) -> Double { 1 - 2 * t + 3 * t * t - 4 * t * t * t }
        func slope(_ t: Double) -> Double { -2 + 6 * t - 12 * t * t }
        let knots = [0, 0.15, 0.4, 0.7, 1]
        for t in [0.05, 0.3, 0.66, 0.99] {
            let found = Self.value(Spline(through: knots, .notAKnot), knots.map(cubic), at: t)
            #expect(abs(found.location - cubic(t)) < 1e-12 && abs(found.velocity - slope(t)) < 1e-11)
            let line = Self.value(Spline(through: knots, .natural), knots.map { 2 - 3 * $0 }, at: t)
            #expect(abs(line.location - (2 - 3 * t)) < 1e-12 && abs(line.velocity + 3) < 1e-11)
        }
    }

    @Test("each of the sigma laws has its own derivative, between knots and at them", arguments: SigmaLaw.Kind.allCases)
    func sigma(_ kind: SigmaLaw.Kind) {
        let law = SigmaLaw(kind, scale: 0.7)
        let (start, length) = (0.25, 0.35)
        func at(_ t: Double) -> (width: Double, rate: Double) { law.width(share: (t - start) / length, length: length) }
        for share in [0.02, 0.14, 0.5, 0.77, 0.98] {
            let t = start + share * length, step = 1e-6
            let slope = (at(t + step).width - at(t - step).width) / (2 * step)
            #expect(abs(at(t).rate - slope) < 1e-6 * (1 + abs(slope)), "\(kind) at \(share)")
        }
        let ends = [law.width(share: 0, length: length), law.width(share: 1, length: length)]
        for end in ends where kind != .constant {
            #expect(end.width < (kind == .bridge ? 0.0071 : 1e-15) && end.rate.isFinite)
        }
        if kind == .bump { #expect(ends.allSatisfy { abs($0.rate) < 1e-13 }) }
    }

    @Test("sigma's derivatives at 0.3 between knots at 0.25 and 0.6, to four digits")
    func sigmaValues() {
        func rate(_ kind: SigmaLaw.Kind) -> Double {
            SigmaLaw(kind, scale: 1).width(share: 0.05 / 0.35, length: 0.35).rate
        }
        #expect(abs(rate(.bridge) - 2.91606) < 5e-5 && abs(rate(.arch) - 2.0408) < 5e-5 && rate(.constant) == 0)
    }

    @Test("a width that is held up does not change")
    func floor() {
        let law = SigmaLaw(.arch, scale: 1, floor: 0.1)
        #expect(law.width(share: 0.02, length: 0.5) == (0.1, 0))
        let free = law.width(share: 0.5 - 0.1, length: 0.5)
        #expect(abs(free.width - 0.24) < 1e-15 && abs(free.rate - 0.4) < 1e-15)
    }
}
