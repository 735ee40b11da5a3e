import Testing

@testable import Reports

/// Properties of ticks and scales, on many ranges.
struct PlotTicksTests {
    static let ranges: [ClosedRange<Double>] = [
        0...1, -1...1, 0.1...0.3, 0...0.007, 3...4.2, -17...230, 1e-9...2e-9, 0...1e9, 12...12.0001, -5e-4 ... -1e-4,
    ]

    @Test("linear ticks lie within, rise evenly, and are neither few nor many", arguments: ranges)
    func linear(range: ClosedRange<Double>) {
        let ticks = Ticks.linear(range)
        #expect((3...11).contains(ticks.count))
        let slack = (range.upperBound - range.lowerBound) * 1e-6
        for tick in ticks {
            #expect(tick >= range.lowerBound - slack && tick <= range.upperBound + slack)
        }
        let steps = zip(ticks, ticks.dropFirst()).map { $1 - $0 }
        for step in steps { #expect(abs(step - steps[0]) < steps[0] * 1e-6) }
    }

    @Test("ticks are round numbers without the dust of binary arithmetic")
    func round() {
        #expect(Ticks.linear(0...1) == [0, 0.2, 0.4, 0.6, 0.8, 1])
        #expect(Ticks.linear(0.05...0.32) == [0.1, 0.2, 0.3])
        #expect(Ticks.linear(0...30_000, count: 3) == [0, 10_000, 20_000, 30_000])
    }

    @Test(
        "steps are 1, 2 or 5 times a power of ten, never below the wish",
        arguments: [0.013, 0.1, 0.7, 1, 1.1, 2.5, 4.9, 5.1, 77, 1e-7, 3e11])
    func steps(rough: Double) {
        let step = Ticks.niceStep(rough)
        #expect(step >= rough * (1 - 1e-9) && step <= rough * 2.6)
    }

    @Test(
        "nothing traps on ranges without length or out of reach",
        arguments: [
            1...1, 0...Double.greatestFiniteMagnitude, -Double.infinity...Double.infinity, 1e18...1e18.nextUp,
            0...Double.leastNonzeroMagnitude,
        ])
    func extreme(range: ClosedRange<Double>) {
        for scale in [Scale.linear, .logarithmic, .noveltyRatio, .accuracyShare] {
            let ticks = Ticks.spread(range, scale: scale, gap: 0.05)
            #expect(ticks.count <= 30)
        }
        #expect(Ticks.linear(range).count <= 1001)
        #expect(Ticks.niceStep(range.lowerBound).isFinite)
    }

    static let scales: [(Scale, ClosedRange<Double>)] = [
        (.logarithmic, 0.004...3), (.logarithmic, 1...2), (.noveltyRatio, 0...2.5), (.noveltyRatio, 0...0.001),
        (.accuracyShare, 0.1...0.99), (.accuracyShare, 0.951...0.964), (.accuracyShare, 0...1),
        (.symmetricLog(threshold: 1), -100...100),
    ]

    @Test("ticks of every scale keep their distance, rise, and are at least two", arguments: scales)
    func spread(scale: Scale, range: ClosedRange<Double>) {
        let gap = 0.06
        let ticks = Ticks.spread(range, scale: scale, gap: gap)
        #expect(ticks.count >= 2)
        let length = scale(range.upperBound) - scale(range.lowerBound)
        for (low, high) in zip(ticks, ticks.dropFirst()) {
            #expect((scale(high) - scale(low)) / length >= gap * 0.999)
        }
        #expect(ticks.allSatisfy { $0 >= range.lowerBound - 1e-9 && $0 <= range.upperBound + 1e-9 })
    }

    @Test("ticks stand on the axis, however far it reaches", arguments: [1, 1e3, 1e6, 1e9, 1e12])
    func within(_ reach: Double) {
        for scale in [Scale.noveltyRatio, .symmetricLog(threshold: 1), .logarithmic, .linear] {
            let axis = Axis(title: "", scale: scale, range: (scale == .logarithmic ? 1e-3 : 0)...reach)
            let places = axis.ticks(gap: 0.05).map { axis.place($0.value) }
            #expect(!places.isEmpty && places.allSatisfy { $0 >= -1e-6 && $0 <= 1 + 1e-6 }, "\(scale) \(places)")
        }
    }

    @Test("the novelty axis shows 0.01, 0.1 and 1; the accuracy axis 90 % and 99 %")
    func expected() {
        let novelty = Ticks.spread(0...2.5, scale: .noveltyRatio, gap: 0.06)
        #expect([0, 0.01, 0.1, 1].allSatisfy { novelty.contains($0) })
        let accuracy = Ticks.spread(0.1...0.995, scale: .accuracyShare, gap: 0.06)
        #expect([0.9, 0.99, 0.5].allSatisfy { accuracy.contains($0) })
    }

    @Test("scales rise strictly and their inverse leads back", arguments: scales)
    func monotone(scale: Scale, range: ClosedRange<Double>) {
        let values = (0...200).map {
            range.lowerBound + (range.upperBound - range.lowerBound) * Double($0) / 200
        }
        for (low, high) in zip(values, values.dropFirst()) { #expect(scale(low) < scale(high)) }
        for value in values {
            #expect(abs(scale.inverse(scale(value)) - value) < 1e-9 * max(1, abs(value)))
        }
    }

    @Test("the accuracy scale keeps 96.11 % and 95.99 % visibly apart beside 10 %")
    func resolution() {
        let axis = Axis(title: "", scale: .accuracyShare, range: 0.1...0.99)
        #expect((axis.place(0.9611) - axis.place(0.9599)) * 478 > 3)
        let novelty = Axis(title: "", scale: .noveltyRatio, range: 0...2.5)
        #expect(novelty.place(0.02) > 0.25 && novelty.place(0.02) < 0.45)
        #expect(novelty.place(1.5) - novelty.place(1) > 0.03)
    }

    @Test("a logarithm has no place for zero")
    func logarithmOfZero() {
        #expect(Scale.logarithmic(0).isNaN)
        #expect(!Axis(title: "", scale: .logarithmic, range: 0.1...1).place(-1).isFinite)
    }
}

/// What axes do with ranges.
struct PlotAxisTests {
    @Test("an axis covers its numbers with a margin, within limits")
    func covering() {
        let axis = Axis(title: "", covering: [2, 4, .nan, 3, .infinity], margin: 0.5)
        #expect(axis.range == 1...5)
        let limited = Axis(title: "", covering: [0, 1], margin: 0.1, limits: 0...1)
        #expect(limited.range == 0...1)
        #expect(limited.place(0.25) == 0.25)
    }

    @Test(
        "an axis always has a length",
        arguments: [[], [.nan], [.infinity], [3], [0, 0], [-1], [1e308, -1e308], [.leastNonzeroMagnitude]])
    func alwaysLong(values: [Double]) {
        for scale in [Scale.linear, .logarithmic, .noveltyRatio, .accuracyShare] {
            let axis = Axis(title: "", scale: scale, covering: values, limits: nil)
            #expect(axis.place(axis.range.lowerBound) == 0)
            #expect(axis.place(axis.range.upperBound) == 1)
        }
    }

    @Test("ticks at given numbers are used as far as they keep their distance")
    func marked() {
        let axis = Axis(title: "", range: 0...10).marked(at: [7, 2, 2.1])
        #expect(axis.ticks(gap: 0.05).map(\.value) == [2, 7])
    }

    @Test("percent labels are percentages without needless zeros")
    func percent() {
        let axis = Axis(title: "", scale: .accuracyShare, range: 0...0.999, label: .percent)
        let labels = axis.ticks(gap: 0.05).map(\.label)
        #expect(labels.contains("90 %") && labels.contains("99.5 %"))
    }

    @Test("inset is the inverse of place")
    func inset() {
        let axis = Axis(title: "", scale: .logarithmic, range: 1...100)
        #expect(abs(axis.inset(0.5) - 10) < 1e-12)
    }
}
