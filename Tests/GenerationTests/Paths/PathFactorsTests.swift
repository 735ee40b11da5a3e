import Foundation
import Tensors
import Testing
import TestSupport

@testable import Generation

@Suite("Factors of paths")
struct PathFactorsTests {
    private static let paths = [
        Path(.linear, sigma: 0), Path(.linear, sigma: 0.1), Path(.targetConditional, sigma: 0.05),
        Path(.variancePreserving, sigma: 0),
    ]

    @Test(
        "are those of the points that training sees, and their derivatives", arguments: paths, [0.0, 0.2, 0.5, 0.9, 1])
    func points(_ path: Path, _ t: Double) {
        let one = Tensor.ones([1, 1], precision: .double), zero = Tensor.zeros([1, 1], precision: .double)
        let time = Tensor.full([1, 1], t, precision: .double)
        let first = path.sample(from: one, to: zero, at: time, noise: zero)
        let second = path.sample(from: zero, to: one, at: time, noise: zero)
        let found = path.factors(at: t)
        #expect(abs(found.a - first.x.scalar) < 1e-12 && abs(found.b - second.x.scalar) < 1e-12)
        #expect(abs(found.aRate - first.velocity.scalar) < 1e-12)
        #expect(abs(found.bRate - second.velocity.scalar) < 1e-12)
    }

    @Test("the source is gone at the end, where the path says so")
    func ends() {
        for path in Self.paths {
            let (start, end) = (path.factors(at: 0), path.factors(at: 1))
            #expect(start.a == 1 && start.b == 0 && end.b == 1)
            #expect(abs(end.a - (path.kind == .targetConditional ? path.sigma : 0)) < 1e-15)
        }
    }

    @Test("the time of a ratio of source to data has that ratio", arguments: paths)
    func ratios(_ path: Path) {
        for ratio in [1e-3, 0.1, 0.7, 1, 3, 100] {
            let t = path.time(ofRatio: ratio)
            let at = path.factors(at: t)
            #expect((0...1).contains(t))
            // The target-conditional path keeps some noise at its end.
            if path.kind == .targetConditional, ratio < path.sigma {
                #expect(t == 1)
            } else {
                #expect(abs(at.a / at.b / ratio - 1) < 1e-9, "ratio \(ratio)")
            }
        }
        let rising = [0.01, 0.1, 1, 10].map { path.time(ofRatio: $0) }
        #expect(zip(rising, rising.dropFirst()).allSatisfy { $0 >= $1 })
    }
}
