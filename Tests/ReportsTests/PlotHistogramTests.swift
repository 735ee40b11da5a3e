import Testing

@testable import Reports

struct PlotHistogramTests {
    static let unit = Axis(title: "", range: 0...1)

    @Test("every finite value is counted once, at the edges and beyond too", arguments: [1, 2, 7, 90])
    func addUp(bins: Int) {
        let values = (0...1000).map { Double($0) / 1000 } + [-5, 5, 0, 1, .nan, .infinity]
        let histogram = Histogram(values, axis: Self.unit, bins: bins)
        #expect(histogram.counts.count == bins)
        #expect(histogram.counts.reduce(0, +) == 1005)
        #expect(histogram.skipped == 2)
    }

    @Test("values fall into the bin that holds them")
    func places() {
        let histogram = Histogram([0, 0.24, 0.25, 0.6, 1, -3, 9], axis: Self.unit, bins: 4)
        #expect(histogram.counts == [3, 1, 1, 2])
        #expect(histogram.tallest == 3)
        #expect(Histogram([], axis: Self.unit, bins: 2).tallest == 0)
    }

    @Test("bins are equally long on the scale, not in the numbers")
    func logarithmicBins() {
        let axis = Axis(title: "", scale: .logarithmic, range: 1...1000)
        let histogram = Histogram([2, 20, 30, 200, -1], axis: axis, bins: 3)
        #expect(histogram.counts == [1, 2, 1])
        #expect(histogram.skipped == 1)
    }

    @Test("thinning keeps the ends, the order and the number")
    func thinning() {
        let list = Array(0..<10_000)
        let thin = Subsample.evenly(list, most: 600)
        #expect(thin.count == 600)
        #expect(thin.first == 0 && thin.last == 9999)
        #expect(thin == thin.sorted() && Set(thin).count == 600)
        #expect(Subsample.evenly(list, most: 10_000) == list)
        #expect(Subsample.evenly(list, most: 1) == [0])
        #expect(Subsample.evenly(list, most: 0).isEmpty)
        #expect(Subsample.evenly([Int](), most: 5).isEmpty)
    }
}
