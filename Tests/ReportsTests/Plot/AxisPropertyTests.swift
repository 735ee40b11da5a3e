import TestSupport
import Testing

@testable import Reports

@Suite("Axes over random numbers")
struct AxisPropertyTests {
    private static let scales: [Scale] = [
        .linear, .logarithmic, .noveltyRatio, .accuracyShare,
        .symmetricLog(threshold: 2),
    ]

    /// Numbers for which the scale has a place.
    private static func values(_ scale: Scale, _ random: inout RandomChoices) -> [Double] {
        (0..<Int.random(in: 2...12, using: &random)).map { _ in
            switch scale {
            case .accuracy: Double.random(in: 0...1, using: &random)
            case .logarithmic: Double.random(in: 1e-6...1e3, using: &random)
            default: Double.random(in: -50...50, using: &random)
            }
        }
    }

    @Test("Every number has a place within, the margin is the same on both sides of the scale, and inset leads back")
    func covering() {
        var random = RandomChoices(state: 61)
        for scale in Self.scales {
            for _ in 0..<40 {
                let values = Self.values(scale, &random)
                let margin = Double.random(in: 0.01...0.3, using: &random)
                let axis = Axis(title: "", scale: scale, covering: values + [.nan, .infinity], margin: margin)
                let places = values.map { axis.place($0) }
                let edge = margin / (1 + 2 * margin)
                #expect(abs((places.min() ?? -1) - edge) < 1e-6 && abs((places.max() ?? -1) - (1 - edge)) < 1e-6)
                for value in values {
                    #expect(abs(axis.place(axis.inset(axis.place(value))) - axis.place(value)) < 1e-9)
                }
            }
        }
    }

    @Test("Ticks rise, keep their distance and have labels of their own")
    func ticks() {
        var random = RandomChoices(state: 62)
        for scale in Self.scales {
            for _ in 0..<30 {
                let axis = Axis(title: "", scale: scale, covering: Self.values(scale, &random))
                let gap = Double.random(in: 0.02...0.4, using: &random)
                let ticks = axis.ticks(gap: gap)
                let places = ticks.map { axis.place($0.value) }
                #expect(zip(places, places.dropFirst()).allSatisfy { $1 - $0 >= gap * (1 - 1e-9) })
                #expect(places.allSatisfy { $0 > -1e-6 && $0 < 1 + 1e-6 })
                #expect(Set(ticks.map(\.label)).count == ticks.count, "\(ticks)")
            }
        }
    }

    @Test("Limits cut the margin off, never a number within them; a range that they leave empty is the usual one")
    func limits() {
        let axis = Axis(title: "", covering: [0.25, 0.75], margin: 1, limits: 0...1)
        #expect(axis.range == 0...1)
        #expect(Axis(title: "", covering: [2, 3], limits: 0...1).range == 0...1)
        #expect(Axis(title: "", scale: .logarithmic, covering: [0, -3]).range == 0.1...1)
        #expect(Axis(title: "", scale: .logarithmic, range: 5...5).range == 0.1...1)
        #expect(Axis(title: "", range: 7...7).range == 0...1)
    }

    @Test("Labels say the number, its percentage or nothing")
    func labels() {
        func labels(_ label: Axis.Label) -> [String] {
            Axis(title: "", range: 0...0.4, label: label).ticks(gap: 0.2).map(\.label)
        }
        #expect(labels(.plain) == ["0", "0.1", "0.2", "0.3", "0.4"])
        #expect(labels(.percent) == ["0 %", "10 %", "20 %", "30 %", "40 %"])
        #expect(labels(.none) == Array(repeating: "", count: 5))
    }

    @Test("Candidates are taken in the order of their tiers, then shown in rising order")
    func tiers() {
        #expect(Ticks.thinned([[5], [4.5, 1], [9, 0.5]], within: 0...10, scale: .linear, gap: 0.1) == [1, 5, 9])
        #expect(Ticks.thinned([[4.5], [5]], within: 0...10, scale: .linear, gap: 0.1) == [4.5])
        #expect(Ticks.thinned([[-1, 11], [10, 0]], within: 0...10, scale: .linear, gap: 0.1) == [0, 10])
        #expect(Ticks.thinned([[0, 1, 10, 100]], within: 1...100, scale: .logarithmic, gap: 0.1) == [1, 10, 100])
        #expect(Ticks.thinned([[1]], within: 1...1, scale: .linear, gap: 0.1).isEmpty)
    }

    @Test("A nice step is 1, 2 or 5 times a power of ten, the least that is not below the wish")
    func niceSteps() {
        var random = RandomChoices(state: 63)
        for _ in 0..<200 {
            let rough =
                Double.random(in: 1...10, using: &random)
                * [1e-6, 0.01, 1, 1000, 1e9][
                    Int.random(
                        in: 0..<5,
                        using: &random)]
            let step = Ticks.niceStep(rough)
            let smaller = [1.0, 2, 5].flatMap { factor in
                (-8...12).map { factor * Scale.logarithmic.inverse(Double($0)) }
            }
            #expect(smaller.contains { abs($0 / step - 1) < 1e-9 })
            #expect(!smaller.contains { $0 >= rough && $0 < step * (1 - 1e-9) }, "\(rough): \(step)")
        }
        #expect(Ticks.niceStep(0) == 1 && Ticks.niceStep(-3) == 1 && Ticks.niceStep(.nan) == 1)
    }
}
