import Networks
import Synchronization
import Tensors

/// Networks in normal form: scales and signs fixed, in their own order of units and matched to a reference.
public struct PlacedNetworks: Sendable {
    /// Scale-normal forms, units in the order they came in, [P, D].
    public let normal: Tensor
    /// The same with units matched to the frame's reference, [P, D].
    public let matched: Tensor
    /// Numbers that do not depend on the order of units, by which copies find each other, [P, S].
    let signatures: Tensor

    /// Networks that were placed; without signatures none is taken for another's copy.
    init(normal: Tensor, matched: Tensor, signatures: Tensor? = nil) {
        (self.normal, self.matched) = (normal, matched)
        self.signatures = signatures ?? .zeros([normal.shape[0], 0])
    }

    /// P, the number of networks.
    public var count: Int { normal.shape[0] }

    /// Some of the networks, in this order.
    func selecting(_ rows: [Int]) -> PlacedNetworks {
        let places = rows.map(Int32.init)
        return PlacedNetworks(
            normal: normal.gathered(axis: 0, places), matched: matched.gathered(axis: 0, places))
    }
}

/// Measures distances between networks up to the symmetries of their layout: permutations, scales and signs of units.
///
/// The true distance min over g |a - g b| is a hard assignment problem; matching a network to one common reference
/// alone can end in another local optimum for a network and for its own near-copy, which would make copies look new. So
/// every distance is the least of several that are all attained by some g: units in the order they came in, units
/// matched to the reference, and units matched directly to each other for the pairs that look nearest (by either of the
/// former, by what the networks predict, or by signatures that do not depend on the order of units). Each is an upper
/// bound, so novelty can only be overstated by less than before. An exact copy is at distance 0 up to rounding, however
/// deep the network: its signature is its original's, and direct matching recognises it by its units' invariants. A
/// near-copy that is too far for signatures is found by hints: what predicts most alike, and what contributes most alike.
public struct SymmetryFrame: Sendable {
    private let layout: ParameterLayout
    private let scales: ScaleNormalization
    private let matching: WeightMatching
    private let signatures: NetworkSignature
    /// The processes that measure distances; those of one are those of several, bit for bit.
    public let sharing: any WorkSharing

    /// Pairs matched directly for each network, beside those that are hinted at.
    private static let candidates = 2
    /// Signatures nearer than this share of the usual distance between them are a copy's, or a near-copy's; those of
    /// networks that were trained apart are at 0.85 and more.
    private static let standsOut = 0.75

    /// The frame of one reference network [D]; the processes of `sharing` measure a part each. Throws `DataError` where it is
    /// not finite.
    public init(
        reference: [Float], layout: ParameterLayout, sharing: any WorkSharing = OneProcess()
    ) throws {
        self.layout = layout
        self.sharing = sharing
        scales = ScaleNormalization(layout: layout)
        signatures = NetworkSignature(layout: layout, product: .blas)
        let form = try scales.normalForm(reference, path: "reference network")
        matching = try WeightMatching(reference: form.row, layout: layout, product: .blas)
    }

    /// Every network of [P, D] in normal form, side by side on all cores. Throws `DataError` for one that is not
    /// finite.
    public func place(_ weights: Tensor) throws -> PlacedNetworks {
        let (count, width) = (weights.shape[0], weights.shape[1])
        let all = weights.floats
        let forms = try Self.concurrently(count) { index in
            Result { try placed(Array(all[(index * width)..<((index + 1) * width)]), path: "network \(index)") }
        }.map { try $0.get() }
        return PlacedNetworks(
            normal: Tensor(Array(forms.map(\.normal).joined()), shape: [count, width]),
            matched: Tensor(Array(forms.map(\.matched).joined()), shape: [count, width]),
            signatures: Tensor(Array(forms.map(\.signature).joined()), shape: [count, signatures.count]))
    }

    /// A network [D] in normal form, the same with units matched to the reference, and its signature.
    private func placed(
        _ row: [Float], path: String
    ) throws -> (normal: [Float], matched: [Float], signature: [Float]) {
        let normal = try scales.normalForm(row, path: path).row
        let element = try matching.align(normal, path: path).element
        return (normal, element.apply(to: normal, layout: layout), signatures(normal))
    }

    /// Distances up to symmetry from every network of `rows` to every network of `columns`.
    ///
    /// - hints: for each row, columns worth matching directly whatever their distance (nearest in predictions and by
    ///   contributions).
    public func distances(
        from rows: PlacedNetworks, to columns: PlacedNetworks, hints: [[Int]] = []
    ) -> DistanceMatrix {
        let forms = [(rows.normal, columns.normal), (rows.matched, columns.matched)]
        return refined(DistanceMatrix(leastOf: forms, sharing: sharing), rows, columns, hints)
    }

    /// Distances up to symmetry among the networks of one population.
    public func distances(within rows: PlacedNetworks, hints: [[Int]] = []) -> DistanceMatrix {
        let forms = [(rows.normal, rows.normal), (rows.matched, rows.matched)]
        return refined(DistanceMatrix(leastOf: forms, isWithin: true), rows, rows, hints)
    }

    /// For each network of one population its nearest other one: what `distances(within:)` finds, in memory that grows with
    /// their number alone.
    func nearest(within rows: PlacedNetworks, hints: [[Int]] = []) -> [Neighbour] {
        var search = NearestSearch(leastOf: [rows.normal, rows.matched], keeping: Self.candidates, sharing: sharing)
        let found = matched(rows, rows, hints, alike: Self.alike(within: rows), isWithin: true) {
            search.nearest(to: $0)
        }
        search.lower(at: found)
        return search.neighbours()
    }

    /// Matches the most promising pairs directly.
    private func refined(
        _ matrix: consuming DistanceMatrix, _ rows: PlacedNetworks, _ columns: PlacedNetworks, _ hints: [[Int]]
    ) -> DistanceMatrix {
        var matrix = matrix
        let alike = matrix.isWithin ? Self.alike(within: rows) : Self.alike(rows, columns)
        let found = matched(rows, columns, hints, alike: alike, isWithin: matrix.isWithin) {
            matrix.nearest(to: $0, count: Self.candidates)
        }
        matrix.lower(at: found)
        return matrix
    }

    /// Squared distances of pairs that were matched directly: for each row the columns that are nearest, hinted at, or
    /// alike.
    private func matched(
        _ rows: PlacedNetworks, _ columns: PlacedNetworks, _ hints: [[Int]], alike: [Int?], isWithin: Bool,
        nearest: (Int) -> [Int]
    ) -> [(row: Int, column: Int, square: Double)] {
        var rowsOfColumn: [Int: [Int]] = [:]
        for row in 0..<rows.count {
            let chosen = Set(nearest(row) + (row < hints.count ? hints[row] : []) + (alike[row].map { [$0] } ?? []))
            for column in chosen where !(isWithin && column == row) {
                rowsOfColumn[column, default: []].append(row)
            }
        }
        let work = rowsOfColumn.sorted { $0.key < $1.key }
        let (left, right, width) = (rows.matched.floats, columns.matched.floats, layout.count)
        return sharing.all(of: work.count) { items in
            Self.concurrently(items.count) { item -> [MatchedPair] in
                let (column, partners) = work[items.lowerBound + item]
                let target = Array(right[(column * width)..<((column + 1) * width)])
                guard let direct = try? WeightMatching(reference: target, layout: layout, product: .blas) else {
                    return []
                }
                return partners.compactMap { row in
                    let network = Array(left[(row * width)..<((row + 1) * width)])
                    return squaredDistance(of: network, matchedBy: direct).map { MatchedPair(row, column, $0) }
                }
            }.flatMap { $0 }
        }.map { ($0.row, $0.column, $0.square) }
    }

    /// A pair that was matched directly, and its squared distance.
    private struct MatchedPair: BitwiseCopyable {
        let row, column: Int
        let square: Double

        init(_ row: Int, _ column: Int, _ square: Double) {
            (self.row, self.column, self.square) = (row, column, square)
        }
    }

    /// The same among the networks of one population, in memory that grows with their number alone.
    private static func alike(within rows: PlacedNetworks) -> [Int?] {
        let signatures = rows.signatures
        guard signatures.shape[1] > 0 else { return Array(repeating: nil, count: rows.count) }
        let search = NearestSearch(leastOf: [signatures], keeping: 1)
        var counts = [(all: Int, near: Int)](repeating: (0, 0), count: rows.count)
        DistanceMatrix.forEachStrip(of: [signatures]) { strip in
            counts.withUnsafeMutableBufferPointer { counts in
                func count(_ row: Int, _ square: Double) {
                    guard square.isFinite else { return }
                    counts[row].all += 1
                    if !(search.least(of: row) < standsOut * standsOut * square) { counts[row].near += 1 }
                }
                parallelFor(strip.rows.count) { item in
                    let row = strip.rows.lowerBound + item
                    for column in strip.rows.lowerBound..<search.count where column != row {
                        count(row, strip.squared(row, column))
                    }
                }
                parallelFor(search.count - strip.rows.upperBound) { item in
                    let column = strip.rows.upperBound + item
                    for row in strip.rows { count(column, strip.squared(row, column)) }
                }
            }
        }
        return (0..<rows.count).map { row in
            let column = search.nearest(to: row).first
            return counts[row].all < 3 || counts[row].near <= counts[row].all / 2 ? column : nil
        }
    }

    /// For each row the column with the nearest signature, where that stands out among the columns as a copy's does.
    private static func alike(_ rows: PlacedNetworks, _ columns: PlacedNetworks) -> [Int?] {
        let (from, to) = (rows.signatures, columns.signatures)
        guard from.shape[1] > 0, to.shape[1] == from.shape[1] else { return Array(repeating: nil, count: rows.count) }
        let matrix = DistanceMatrix(leastOf: [(from, to)], isWithin: false)
        return concurrently(matrix.rowCount) { row in
            guard let column = matrix.nearest(to: row, count: 1).first else { return nil }
            let least = matrix.squared(row, column)
            // Nearer than three quarters of the median, without sorting: less than half of the others are no farther
            // than that.
            var (count, near) = (0, 0)
            for other in 0..<matrix.columnCount {
                let square = matrix.squared(row, other)
                guard square.isFinite else { continue }
                count += 1
                if !(least < standsOut * standsOut * square) { near += 1 }
            }
            return count < 3 || near <= count / 2 ? column : nil
        }
    }

    /// Of a network [D] from another one that it is matched to directly; nil where the products of the two overflow.
    /// Such a pair keeps the distance that it has without this, an upper bound too, and no other pair is touched.
    private func squaredDistance(of network: [Float], matchedBy direct: WeightMatching) -> Double? {
        guard let element = try? direct.align(network).element else { return nil }
        return Self.squaredDistance(element.apply(to: network, layout: layout), direct.reference)
    }

    private static func squaredDistance(_ a: [Float], _ b: [Float]) -> Double {
        zip(a, b).reduce(0) { sum, pair in
            let difference = Double(pair.0) - Double(pair.1)
            return sum + difference * difference
        }
    }

    /// What independent work items give, in order.
    private static func concurrently<Item: Sendable>(_ count: Int, _ work: (Int) -> Item) -> [Item] {
        let found = Mutex<[Int: Item]>([:])
        parallelFor(count) { index in
            let item = work(index)
            found.withLock { $0[index] = item }
        }
        return (0..<count).compactMap { index in found.withLock { $0[index] } }
    }
}
