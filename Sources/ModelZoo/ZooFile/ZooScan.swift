/// A block of networks as it stands in a file, unverified, with what is wrong with each.
struct ScannedBlock {
    /// Which networks of the file these are.
    let rows: Range<Int>
    /// Weights `[rows, D]`.
    let weights: [Float]
    /// Buffers `[rows, Bf]`, where the file has them.
    let buffers: [Float]?
    /// SHA-256 of each network as it stands there, `[rows, 32]`.
    let digests: [UInt8]
    /// Networks, counted in the file, that are not what their checksums say.
    let damaged: Set<Int>
    /// Networks, counted in the file, with a number that is not finite.
    let nonFinite: Set<Int>

    /// Whether a network can be used.
    func isSound(_ network: Int) -> Bool { !damaged.contains(network) && !nonFinite.contains(network) }

    /// The weights `[D]` of a network, counted in the file.
    func row(_ network: Int) -> ArraySlice<Float> { Self.row(network - rows.lowerBound, of: weights, rows.count) }

    /// The buffers `[Bf]` of a network, counted in the file; empty where there are none.
    func bufferRow(_ network: Int) -> ArraySlice<Float> {
        Self.row(network - rows.lowerBound, of: buffers ?? [], rows.count)
    }

    private static func row(_ place: Int, of values: [Float], _ count: Int) -> ArraySlice<Float> {
        let width = values.count / count
        return values[place * width..<(place + 1) * width]
    }
}

extension ZooReader {
    /// Reads all networks in blocks of at most `maximumBytes` (but at least one network), and says what is wrong with
    /// each instead of throwing; throws where the file itself cannot be read.
    func scan(maximumBytes: Int, _ body: (ScannedBlock) throws -> Void) throws {
        let size = SHA256.byteCount
        for rows in blocks(maximumBytes: maximumBytes) {
            let (stored, storedBuffers) = try load(rows)
            let digests = ZooChecksum.digests(weights: stored, buffers: storedBuffers, count: rows.count)
            let (weights, buffers) = (order.weights(stored), storedBuffers.map { order.buffers($0) })
            let damaged = checksums.map { stored in
                rows.filter { row in
                    let place = (row - rows.lowerBound) * size
                    return digests[place..<place + size] != stored[row * size..<(row + 1) * size]
                }
            }
            let block = ScannedBlock(
                rows: rows, weights: weights, buffers: buffers, digests: digests, damaged: Set(damaged ?? []),
                nonFinite: [])
            let nonFinite = rows.filter { row in
                !block.row(row).allSatisfy(\.isFinite) || !block.bufferRow(row).allSatisfy(\.isFinite)
            }
            try body(
                ScannedBlock(
                    rows: rows, weights: weights, buffers: buffers, digests: digests, damaged: block.damaged,
                    nonFinite: Set(nonFinite)))
        }
    }
}

/// Statistics of one slot over networks that come in blocks.
struct SlotAccount: Sendable {
    private var moments = Moments()
    private var magnitudes = MagnitudeSketch()

    /// Takes the slot of one sound network into account.
    mutating func add(_ values: ArraySlice<Float>) {
        moments.add(values)
        magnitudes.add(values)
    }

    /// The statistics of the values so far, of a slot of that name and shape.
    func statistics(name: String, shape: [Int]) -> ZooInspection.SlotStatistics {
        ZooInspection.SlotStatistics(
            name: name, shape: shape, mean: moments.mean, deviation: moments.deviation, minimum: moments.minimum,
            maximum: moments.maximum,
            magnitudes: magnitudes.count == 0
                ? nil : ZooInspection.magnitudeShares.compactMap { magnitudes.quantile($0) })
    }
}

/// Quantiles of magnitudes that come in pieces, in fixed memory: counts in bins of a 64th of an octave.
///
/// A bin is the exponent and the first six bits of the mantissa of a single-precision number, so that a quantile is
/// off by at most 1/128 of itself, and does not depend on how the numbers were divided into pieces.
struct MagnitudeSketch: Sendable {
    private static let shift: UInt32 = 17
    private var counts = [Int](repeating: 0, count: 1 << 14)
    private(set) var count = 0

    /// Takes finite numbers into account.
    mutating func add(_ values: ArraySlice<Float>) {
        values.withUnsafeBufferPointer { values in
            counts.withUnsafeMutableBufferPointer { counts in
                for value in values { counts[Int((value.bitPattern & 0x7fff_ffff) >> Self.shift)] += 1 }
            }
        }
        count += values.count
    }

    /// The magnitude that a share of the numbers does not exceed: the one of rank ceil(share * n); nil of nothing.
    func quantile(_ share: Double) -> Double? {
        guard count > 0 else { return nil }
        let rank = min(count, max(1, Int((share * Double(count)).rounded(.up))))
        var below = 0
        for (bin, number) in counts.enumerated() {
            below += number
            guard below >= rank else { continue }
            guard bin > 0 else { return 0 }
            return Double(Float(bitPattern: UInt32(bin) << Self.shift | 1 << (Self.shift - 1)))
        }
        return nil
    }
}

/// Mean, deviation and range of numbers that come in pieces.
///
/// Pieces are merged by Chan, Golub and LeVeque's update (1979), equation 2.1: no cancellation of large sums.
struct Moments: Sendable {
    private(set) var count = 0
    private var average = 0.0
    private var squares = 0.0
    private(set) var minimum: Double?
    private(set) var maximum: Double?

    /// The mean, or nil of nothing.
    var mean: Double? { count > 0 ? average : nil }
    /// The standard deviation (divisor n), or nil of nothing.
    var deviation: Double? { count > 0 ? (squares / Double(count)).squareRoot() : nil }

    /// Takes finite numbers into account.
    mutating func add(_ values: ArraySlice<Float>) {
        guard let least = values.min(), let greatest = values.max() else { return }
        let size = Double(values.count)
        let mean = values.reduce(0.0) { $0 + Double($1) } / size
        let spread = values.reduce(0.0) { $0 + (Double($1) - mean) * (Double($1) - mean) }
        let total = Double(count) + size
        let step = mean - average
        squares += spread + step * step * Double(count) * size / total
        average += step * size / total
        count += values.count
        minimum = Swift.min(minimum ?? .infinity, Double(least))
        maximum = Swift.max(maximum ?? -.infinity, Double(greatest))
    }
}
