@testable import Tensors

/// Layer normalisation and sliding windows, from their definitions.
extension ReferenceBackend {
    func layerNorm(
        _ x: StridedArray, gamma: StridedArray, beta: StridedArray, epsilon: Double
    ) -> [StridedArray] {
        let rows = x.rows, scales = gamma.rows, shifts = beta.rows, width = Double(x.shape[x.shape.count - 1])
        var result: [Double] = [], means: [Double] = [], inverses: [Double] = []
        for (index, row) in rows.enumerated() {
            let group = index * scales.count / rows.count
            let mean = row.reduce(0, +) / width
            let inverse = 1 / (row.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / width + epsilon).squareRoot()
            result += row.indices.map { (row[$0] - mean) * inverse * scales[group][$0] + shifts[group][$0] }
            means.append(mean)
            inverses.append(inverse)
        }
        return [made(result, x.shape, x), made(means, [rows.count], x), made(inverses, [rows.count], x)]
    }

    func layerNormGradients(
        _ x: StridedArray, gamma: StridedArray, mean: StridedArray, rstd: StridedArray, g: StridedArray
    ) -> [StridedArray] {
        let rows = x.rows, scales = gamma.rows, cotangents = g.rows, width = x.shape[x.shape.count - 1]
        let (means, inverses) = (mean.values, rstd.values)
        var dx: [Double] = []
        var dgamma = scales.map { $0.map { _ in 0.0 } }, dbeta = dgamma
        for (index, row) in rows.enumerated() {
            let group = index * scales.count / rows.count
            let normal = row.map { ($0 - means[index]) * inverses[index] }
            let inner = row.indices.map { cotangents[index][$0] * scales[group][$0] }
            let mean = inner.reduce(0, +) / Double(width)
            let along = row.indices.reduce(0) { $0 + inner[$1] * normal[$1] } / Double(width)
            dx += row.indices.map { inverses[index] * (inner[$0] - mean - normal[$0] * along) }
            for place in row.indices {
                dgamma[group][place] += cotangents[index][place] * normal[place]
                dbeta[group][place] += cotangents[index][place]
            }
        }
        return [
            made(dx, x.shape, x), made(dgamma.flatMap { $0 }, gamma.shape, x),
            made(dbeta.flatMap { $0 }, gamma.shape, x),
        ]
    }

    func unfold(_ x: StridedArray, _ window: SlidingWindow) -> StridedArray {
        let extents = x.shape.lastTwo, rank = x.shape.count, values = x.values
        let planes = x.shape.dropLast(2).reduce(1, *)
        let columns = (0..<planes).flatMap { plane in
            Self.seen(window, extents).map { $0.map { values[plane * extents.elementCount + $0] } ?? 0 }
        }
        let places = window.places(in: extents).elementCount
        let shape = Shape(x.shape.dropLast(3) + [x.shape[rank - 3] * window.kernel.elementCount, places])
        return made(columns, shape, x)
    }

    func fold(_ x: StridedArray, _ window: SlidingWindow, to extents: Shape) -> StridedArray {
        let seen = Self.seen(window, extents), values = x.values
        let channels = x.shape.lastTwo[0] / window.kernel.elementCount
        let shape = Shape(x.shape.dropLast(2) + [channels, extents[0], extents[1]])
        var result = [Double](repeating: 0, count: shape.elementCount)
        for plane in 0..<(result.count / extents.elementCount) {
            for (index, place) in seen.enumerated() {
                if let place { result[plane * extents.elementCount + place] += values[plane * seen.count + index] }
            }
        }
        return made(result, shape, x)
    }

    /// For each element of the window, then for each of its places: the element of a plane seen there, nil outside.
    private static func seen(_ window: SlidingWindow, _ extents: Shape) -> [Int?] {
        func indices(_ axis: Int, _ tap: Int) -> [Int?] {
            (0..<window.places(in: extents)[axis]).map { place in
                let index = place * window.stride[axis] + tap * window.dilation[axis] - window.padding[axis]
                return (0..<extents[axis]).contains(index) ? index : nil
            }
        }
        var result: [Int?] = []
        for y in 0..<window.kernel[0] {
            for x in 0..<window.kernel[1] {
                for row in indices(0, y) {
                    for column in indices(1, x) {
                        result.append(row.flatMap { row in column.map { row * extents[1] + $0 } })
                    }
                }
            }
        }
        return result
    }
}
