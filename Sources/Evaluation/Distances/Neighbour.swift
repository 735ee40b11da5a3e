/// The nearest network of a population and how far away it lies.
public struct Neighbour: Sendable, Equatable {
    /// Which network, the first where several are as near; nil where no distance is finite.
    public let index: Int?
    /// The Euclidean distance; NaN where no distance is finite.
    public let distance: Double

    /// Takes both.
    public init(index: Int?, distance: Double) {
        self.index = index
        self.distance = distance
    }

    /// The smallest finite of `count` squared distances, one of them left out.
    init(among count: Int, except excluded: Int?, _ squared: (Int) -> Double) {
        var best: (index: Int, square: Double)?
        for candidate in 0..<count where candidate != excluded {
            let square = squared(candidate)
            if square.isFinite, square < best?.square ?? .infinity { best = (candidate, square) }
        }
        self.init(index: best?.index, distance: best.map { max(0, $0.square).squareRoot() } ?? .nan)
    }
}
