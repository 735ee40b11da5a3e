import Tensors

extension PrincipalCoordinates {
    /// What a streaming fit is doing, for progress.
    public enum Stage: String, Sendable, CaseIterable {
        /// Summing rows.
        case mean = "averaging rows"
        /// Multiplying rows with rows.
        case gram = "multiplying rows"
        /// Summing components.
        case components = "summing components"
    }

    /// Fits at most `count` components to rows that are read in blocks: the N x N matrix, the components and about
    /// `maximumBytes` of rows are all that memory holds.
    ///
    /// The same components as `init(fitting:components:)` up to rounding of double-precision sums, and the same bytes
    /// whatever `maximumBytes` is: rows are multiplied in tiles of fixed height. All rows are read once for the mean,
    /// N / b / 2 times for the products (b rows fit into `maximumBytes`), and once for every
    /// half of `maximumBytes` of components in double precision. `progress` may throw to stop.
    ///
    /// Nil where the rows have no variance or are not finite. Throws as the source. Traps unless N >= 2 and count >= 1.
    public init?(
        streaming source: some RowSource, components count: Int, maximumBytes: Int = 256 << 20,
        progress: (_ stage: Stage, _ done: Int, _ total: Int) throws -> Void = { _, _, _ in }
    ) throws {
        precondition(
            source.count >= 2 && source.width >= 1 && count >= 1,
            "PCA: rows [\(source.count), \(source.width)], \(count) components")
        let sweep = RowSweep(source: source, maximumBytes: maximumBytes)
        let mean = try sweep.mean { try progress(.mean, $0, $1) }
        let gram = try sweep.gram(mean) { try progress(.gram, $0, $1) }
        guard let spectrum = PrincipalSpectrum(gram: gram, components: count) else { return nil }
        let components = try sweep.combine(spectrum.projection, spectrum.kept, mean) {
            try progress(.components, $0, $1)
        }
        self.init(
            mean: Tensor(mean, shape: [source.width]), components: components, variances: spectrum.variances,
            capturedVariance: spectrum.capturedVariance)
    }
}

/// The passes over rows that a streaming PCA makes, tile by tile in a fixed order.
struct RowSweep<Rows: RowSource> {
    let source: Rows
    let maximumBytes: Int

    /// Columns in one product: each is summed over these in one call, then over the blocks in order.
    private static var blockColumns: Int { 4096 }

    private var tiles: Int { RowTile.tiles(source.count) }

    private var blocks: [Range<Int>] {
        stride(from: 0, to: source.width, by: Self.blockColumns).map {
            $0..<min(source.width, $0 + Self.blockColumns)
        }
    }

    /// The mean row [D]: summed in double precision in the order of the rows, rounded once.
    func mean(progress: (Int, Int) throws -> Void) throws -> [Float] {
        var sums = [Double](repeating: 0, count: source.width)
        for index in 0..<tiles {
            try RowTile(source, tile: index).add(to: &sums)
            try progress(index + 1, tiles)
        }
        return sums.map { Float($0 / Double(source.count)) }
    }

    /// X_c X_c', [N, N] in double precision. Several tiles are held; every earlier tile is read beside them.
    func gram(_ mean: [Float], progress: (Int, Int) throws -> Void) throws -> Tensor {
        let (n, height) = (source.count, RowTile.height)
        let blocks = blocks
        let held = max(1, maximumBytes / (height * source.width * MemoryLayout<Float>.stride) - 1)
        var gram = [Double](repeating: 0, count: n * n)
        var done = 0
        let total = tiles * (tiles + 1) / 2
        for start in stride(from: 0, to: tiles, by: held) {
            let indices = Array(start..<min(start + held, tiles))
            let mine = try indices.map { try RowTile(source, tile: $0) }
            for other in 0..<(start + mine.count) {
                let tile = other < start ? try RowTile(source, tile: other) : mine[other - start]
                let partners = mine.filter { $0.first >= tile.first }
                let products = Self.products(partners, tile, blocks, mean)
                for (partner, product) in zip(partners, products) {
                    for i in 0..<partner.count {
                        for j in 0..<tile.count {
                            gram[(partner.first + i) * n + tile.first + j] = product[i * height + j]
                            gram[(tile.first + j) * n + partner.first + i] = product[i * height + j]
                        }
                    }
                }
                done += partners.count
                try progress(done, total)
            }
        }
        return Tensor(gram, shape: [n, n])
    }

    /// Column blocks of one work item.
    private static var segmentBlocks: Int { 16 }

    /// A B' of each of the centred tiles with another, [height, height]. A work item takes some column blocks of one
    /// tile, and what the items come to is added in the order of the columns.
    private static func products(
        _ tiles: [RowTile], _ other: RowTile, _ blocks: [Range<Int>], _ mean: [Float]
    ) -> [[Double]] {
        let segments = (blocks.count + segmentBlocks - 1) / segmentBlocks
        let parts = parallelMap(tiles.count * segments) { item in
            let (tile, segment) = item.quotientAndRemainder(dividingBy: segments)
            let mine = blocks[segment * segmentBlocks..<min((segment + 1) * segmentBlocks, blocks.count)]
            return product(tiles[tile], other, mine, mean)
        }
        return tiles.indices.map { tile in
            let mine = parts[tile * segments..<(tile + 1) * segments]
            return mine.dropFirst().reduce(mine[tile * segments], +).doubles
        }
    }

    /// A B' of two centred tiles over some column blocks, summed in their order.
    private static func product(
        _ a: RowTile, _ b: RowTile, _ blocks: ArraySlice<Range<Int>>, _ mean: [Float]
    ) -> Tensor {
        var sum = Tensor.zeros([RowTile.height, RowTile.height], precision: .double)
        for block in blocks {
            sum = sum + matmul(a.centred(block, mean), b.centred(block, mean), transposeB: true)
        }
        return sum
    }

    /// Combinations [rows, D] of the centred rows, `weights` [rows, N] row after row: summed in double precision in
    /// the order of the tiles, stored in single precision.
    func combine(
        _ weights: [Double], _ rows: Int, _ mean: [Float], progress: (Int, Int) throws -> Void
    ) throws -> Tensor {
        // Old and new sums live side by side for a moment.
        let group = max(1, min(rows, maximumBytes / (2 * source.width * MemoryLayout<Double>.stride)))
        let starts = Array(stride(from: 0, to: rows, by: group))
        var parts: [Tensor] = []
        for (pass, start) in starts.enumerated() {
            let range = start..<min(start + group, rows)
            parts.append(
                try combination(weights, range, mean) { try progress(pass * tiles + $0, starts.count * tiles) })
        }
        return parts.count == 1 ? parts[0] : .concatenate(parts, axis: 0)
    }

    private func combination(
        _ weights: [Double], _ rows: Range<Int>, _ mean: [Float], progress: (Int) throws -> Void
    ) throws -> Tensor {
        let (n, height) = (source.count, RowTile.height)
        let blocks = blocks
        var sums = blocks.map { Tensor.zeros([rows.count, $0.count], precision: .double) }
        for index in 0..<tiles {
            let tile = try RowTile(source, tile: index)
            let part = rows.flatMap { row in
                (0..<height).map { $0 < tile.count ? weights[row * n + tile.first + $0] : 0 }
            }
            let factors = Tensor(part, shape: [rows.count, height])
            let before = sums
            sums = parallelMap(blocks.count) { before[$0] + matmul(factors, tile.centred(blocks[$0], mean)) }
            try progress(index + 1)
        }
        return .concatenate(sums.map { $0.converted(to: .single) }, axis: 1)
    }
}
