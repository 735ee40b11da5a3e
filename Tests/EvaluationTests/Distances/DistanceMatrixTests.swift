import Tensors
import Testing

@testable import Evaluation

@Suite struct DistanceMatrixTests {
    @Test func distancesByHand() {
        let a = Tensor([0, 0, 3, 4] as [Float], shape: [2, 2])
        let b = Tensor([0, 0, 6, 8, 3, 0] as [Float], shape: [3, 2])
        let matrix = DistanceMatrix(from: a, to: b)
        let squares = (0..<2).map { row in (0..<3).map { matrix.squared(row, $0) } }
        #expect(squares == [[0, 100, 9], [25, 25, 16]])
        #expect(matrix.nearestToRows() == [Neighbour(index: 0, distance: 0), Neighbour(index: 2, distance: 4)])
        #expect(
            matrix.nearestToColumns()
                == [.init(index: 0, distance: 0), .init(index: 1, distance: 5), .init(index: 0, distance: 3)])
    }

    @Test func aRowIsNotItsOwnNeighbour() {
        let rows = Tensor([0, 1, 5, 5.5] as [Float], shape: [4, 1])
        let nearest = DistanceMatrix(within: rows).nearestToRows()
        #expect(nearest.map(\.index) == [1, 0, 3, 2])
        #expect(nearest.map(\.distance) == [1, 1, 0.5, 0.5])
        #expect(DistanceMatrix(within: rows).nearestToColumns() == nearest)
    }

    @Test func equalRowsAreEachOthersNeighbours() {
        let rows = Tensor([2, 3, 2, 3, 9, 9] as [Float], shape: [3, 2])
        let nearest = DistanceMatrix(within: rows).nearestToRows()
        #expect(nearest[0] == Neighbour(index: 1, distance: 0))
        #expect(nearest[1] == Neighbour(index: 0, distance: 0))
        #expect(nearest[2].index == 0)
    }

    /// Sizes below, at and above the panels (64 rows), strips (256 rows) and blocks (1024 weights).
    @Test(arguments: [(3, 5, 7), (64, 65, 1024), (130, 1, 1025), (1, 129, 2500), (256, 3, 9), (600, 70, 33)])
    func agreesWithTheDirectSum(_ a: Int, _ b: Int, _ width: Int) {
        let (rows, columns) = (normal("a", a, width), normal("b", b, width))
        let matrix = DistanceMatrix(from: rows, to: columns)
        let (left, right) = (rows.doubles, columns.doubles)
        for row in stride(from: 0, to: a, by: max(1, a / 7)) {
            for column in stride(from: 0, to: b, by: max(1, b / 7)) {
                let expected = (0..<width).reduce(0.0) { sum, index in
                    let difference = left[row * width + index] - right[column * width + index]
                    return sum + difference * difference
                }
                #expect(abs(matrix.squared(row, column) - expected) < 1e-12 * expected)
            }
        }
    }

    /// A large common offset cancels in |a|^2 + |b|^2 - 2 a.b; the distance must not.
    @Test func nearCopiesKeepTheirDistance() {
        let base = normal("base", 1, 3000) + 1000
        var moved = base.floats
        moved[17] += 0.0625
        let copy = Tensor(moved, shape: [1, 3000])
        #expect(DistanceMatrix(from: base, to: copy).nearestToRows()[0].distance == 0.0625)
        #expect(DistanceMatrix(from: base, to: base).nearestToRows()[0].distance == 0)
    }

    @Test func pairsDoNotDependOnTheRestOfThePopulation() {
        let (rows, columns) = (normal("a", 150, 1500), normal("b", 70, 1500))
        let whole = DistanceMatrix(from: rows, to: columns)
        for count in [1, 63, 64, 65, 100] {
            let part = DistanceMatrix(from: rows.sliced(axis: 0, 0..<count), to: columns)
            #expect((0..<70).allSatisfy { part.squared(count - 1, $0) == whole.squared(count - 1, $0) })
        }
    }

    @Test("of several measurements the least stands, entry by entry; what is not finite in one is not hidden")
    func leastOfSeveral() {
        let (a, b) = (normal("a", 300, 20), normal("b", 70, 20))
        let (c, d) = (normal("c", 300, 20), normal("d", 70, 20))
        let (first, second) = (DistanceMatrix(from: a, to: b), DistanceMatrix(from: c, to: d))
        let least = DistanceMatrix(leastOf: [(a, b), (c, d)], isWithin: false)
        for row in 0..<300 {
            for column in 0..<70 {
                #expect(least.squared(row, column) == min(first.squared(row, column), second.squared(row, column)))
            }
        }
        let broken = Tensor([.nan] as [Float], shape: [1, 1])
        let matrix = DistanceMatrix(leastOf: [(broken, broken), (.zeros([1, 1]), .zeros([1, 1]))], isWithin: false)
        #expect(matrix.nearestToRows()[0].index == nil)
    }

    @Test("the few nearest are those that sorting gives, the first of equals before the others")
    func fewNearest() {
        let matrix = DistanceMatrix(from: normal("a", 20, 3), to: normal("b", 50, 3))
        for row in 0..<20 {
            let sorted = (0..<50).sorted { matrix.squared(row, $0) < matrix.squared(row, $1) }
            for count in [0, 1, 2, 7, 50, 60] {
                #expect(matrix.nearest(to: row, count: count) == Array(sorted.prefix(count)))
            }
        }
        let line = Tensor([0, 2, -2, .nan, 2, 1] as [Float], shape: [6, 1])
        #expect(DistanceMatrix(within: line).nearest(to: 0, count: 4) == [5, 1, 2, 4])
        #expect(DistanceMatrix(within: line).nearest(to: 3, count: 2).isEmpty)
    }

    @Test("a found distance lowers its pair both ways within a population, one way between two, and never raises")
    func lowering() {
        let line = Tensor([0, 3, 10] as [Float], shape: [3, 1])
        var within = DistanceMatrix(within: line)
        within.lower(at: [(row: 0, column: 2, square: 4), (row: 1, column: 2, square: 400)])
        #expect(within.squared(0, 2) == 4 && within.squared(2, 0) == 4 && within.squared(1, 2) == 49)
        var between = DistanceMatrix(from: line, to: line)
        between.lower(at: [(row: 0, column: 2, square: 4)])
        #expect(between.squared(0, 2) == 4 && between.squared(2, 0) == 100)
    }

    @Test func distancesDoNotDependOnThreads() {
        let (rows, columns) = (normal("a", 130, 3000), normal("b", 90, 3000))
        let threads = Threads.count
        defer { Threads.count = threads }
        Threads.count = 1
        let one = DistanceMatrix(from: rows, to: columns)
        Threads.count = 2
        let two = DistanceMatrix(from: rows, to: columns)
        #expect(one.nearestToRows() == two.nearestToRows())
        #expect((0..<130).allSatisfy { one.squared($0, $0 % 90) == two.squared($0, $0 % 90) })
    }

    @Test func distancesAreSymmetric() {
        let rows = normal("a", 70, 300)
        let matrix = DistanceMatrix(within: rows)
        for row in 0..<70 {
            #expect(matrix.squared(row, row) == 0)
            let (there, back) = (matrix.squared(row, (row + 9) % 70), matrix.squared((row + 9) % 70, row))
            #expect(abs(there - back) < 1e-12 * there)
        }
    }

    @Test func viewsAreReadAsTheyLie() {
        let wide = normal("wide", 4, 10)
        let view = wide.sliced(axis: 1, 2..<7)
        let copy = Tensor(view.floats, shape: [4, 5])
        #expect(DistanceMatrix(within: view).nearestToRows() == DistanceMatrix(within: copy).nearestToRows())
    }

    @Test func brokenRowsHaveNoNeighbourAndAreNone() {
        let zoo = Tensor([0, 0, .nan, 0, 4, 0] as [Float], shape: [3, 2])
        let samples = Tensor([3, 0, .infinity, 0, 0, .nan] as [Float], shape: [3, 2])
        let nearest = DistanceMatrix(from: samples, to: zoo).nearestToRows()
        #expect(nearest[0] == Neighbour(index: 2, distance: 1))
        #expect(nearest[1].index == nil && nearest[1].distance.isNaN)
        #expect(nearest[2].index == nil && nearest[2].distance.isNaN)
    }

    @Test func aSingleRowHasNoNeighbour() {
        let nearest = DistanceMatrix(within: normal("one", 1, 3)).nearestToRows()
        #expect(nearest.count == 1 && nearest[0].index == nil && nearest[0].distance.isNaN)
        #expect(DistanceMatrix(within: .zeros([0, 3])).nearestToRows().isEmpty)
    }

    private func normal(_ purpose: String, _ rows: Int, _ width: Int) -> Tensor {
        var stream = RandomStream(seed: 1, purpose: purpose)
        return stream.normal([rows, width])
    }
}

@Suite struct NearestDistancesTests {
    private let zoo = Tensor([0, 1, 10] as [Float], shape: [3, 1])
    private let samples = Tensor([0.25, 7] as [Float], shape: [2, 1])

    @Test func fourDirections() {
        let nearest = NearestDistances(samples: samples, zoo: zoo)
        #expect(nearest.zooToZoo.map(\.distance) == [1, 1, 9])
        #expect(nearest.sampleToSample.map(\.distance) == [6.75, 6.75])
        #expect(nearest.zooToSample.map(\.distance) == [0.25, 0.75, 3])
        #expect(nearest.sampleToZoo.map(\.distance) == [0.25, 3])
        #expect(nearest.sampleToZoo.map(\.index) == [0, 2])
    }

    @Test func theZooItselfIsLeaveOneOutInAllDirections() {
        let nearest = NearestDistances(zooToZoo: DistanceMatrix(within: zoo).nearestToRows())
        #expect(nearest.sampleToZoo.map(\.distance) == [1, 1, 9])
        #expect(nearest.sampleToZoo == nearest.zooToSample && nearest.sampleToZoo == nearest.sampleToSample)
    }

    @Test func samplesThatAreTheZooAreCopies() {
        #expect(NearestDistances(samples: zoo, zoo: zoo).sampleToZoo.map(\.distance) == [0, 0, 0])
    }
}
