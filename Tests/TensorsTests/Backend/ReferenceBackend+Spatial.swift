@testable import Tensors

/// Convolution as the trilinear form <g, w * x>, term by term, and pooling from its definition.
extension ReferenceBackend {
    func convolution(
        _ geometry: ConvolutionGeometry, _ role: ConvolutionRole, _ a: StridedArray, _ b: StridedArray,
        bias: StridedArray?, pool: HeightWidth
    ) -> StridedArray {
        guard pool == 1 else {
            let images = convolution(geometry, role, a, b, bias: bias, pool: 1)
            let extents = geometry.output
            let rows = PoolingWindows(extent: extents.height, size: pool.height, stride: pool.height, padding: 0)
            let columns = PoolingWindows(extent: extents.width, size: pool.width, stride: pool.width, padding: 0)
            return maxPool(images, rows: rows, columns: columns, findsPlaces: false).0
        }
        let population = [a, b].first { $0.shape.count == 5 }?.shape[0]
        let item = Shape(geometry.shape(of: role, a.shape, b.shape)), size = item.elementCount
        let shape = Shape((population.map { [$0] } ?? []) + item.array)
        var result = [Double](repeating: 0, count: shape.elementCount)
        let (left, right) = (a.values, b.values)
        let terms = Terms(geometry, role, a.shape, b.shape, item)
        for network in 0..<(population ?? 1) {
            let first = a.shape.count == 5 ? network * terms.leftCount : 0
            let second = b.shape.count == 5 ? network * terms.rightCount : 0
            terms.forEach { i, j, k in
                let product: Double = left[first + i] * right[second + j]
                result[network * size + k] += product
            }
        }
        if let bias {
            let values = bias.values, area = geometry.output.area, channels = item[1]
            for place in result.indices {
                let network = bias.shape.count == 2 ? place / size : 0
                result[place] += values[network * channels + place / area % channels]
            }
        }
        return made(result, shape, a)
    }

    func maxPool(_ x: StridedArray, rows: PoolingWindows, columns: PoolingWindows, findsPlaces: Bool)
        -> (StridedArray, Places?)
    {
        let area = rows.extent * columns.extent, values = x.values
        var result: [Double] = [], places: [Int32] = []
        for plane in 0..<(area == 0 ? 0 : values.count / area) {
            for row in 0..<rows.count {
                for column in 0..<columns.count {
                    let seen = rows.indices(row).flatMap { y in columns.indices(column).map { y * columns.extent + $0 }
                    }
                    let best = seen.dropFirst().reduce(seen[0]) {
                        values[plane * area + $1] > values[plane * area + $0] ? $1 : $0
                    }
                    result.append(values[plane * area + best])
                    places.append(Int32(best))
                }
            }
        }
        let shape = Shape(x.shape.array.dropLast(2) + [rows.count, columns.count])
        return (made(result, shape, x), Places(places, shape: shape, on: self))
    }

    func take(_ x: StridedArray, _ places: Places) -> StridedArray {
        let n = x.shape[x.shape.count - 1], m = places.shape[places.shape.count - 1], values = x.values
        let indices = places.indices
        return made(indices.indices.map { values[$0 / m * n + Int(indices[$0])] }, places.shape, x)
    }

    func put(_ x: StridedArray, _ places: Places, count n: Int) -> StridedArray {
        let m = x.shape[x.shape.count - 1], values = x.values, indices = places.indices
        let shape = Shape(x.shape.array.dropLast() + [n])
        var result = [Double](repeating: 0, count: shape.elementCount)
        for place in indices.indices { result[place / m * n + Int(indices[place])] += values[place] }
        return made(result, shape, x)
    }
}

extension Places {
    init(_ indices: [Int32], shape: Shape, on backend: any Backend) {
        precondition(indices.count == shape.elementCount, "places: \(indices.count) indices for shape \(shape)")
        self.init(uninitialized: shape, on: backend)
        pointer.initialize(from: indices, count: indices.count)
    }

    /// All indices in row-major order.
    var indices: [Int32] { Array(UnsafeBufferPointer(start: pointer, count: shape.elementCount)) }
}

extension PoolingWindows {
    fileprivate func indices(_ window: Int) -> [Int] {
        Array(stride(from: Int(starts[window]), to: Int(ends[window]), by: step))
    }
}

/// The products of one network: places in the left operand, the right one and the result.
private struct Terms {
    private let geometry: ConvolutionGeometry
    private let role: ConvolutionRole
    private let batch: Int, inputs: Int, outputs: Int
    let leftCount: Int, rightCount: Int

    init(_ geometry: ConvolutionGeometry, _ role: ConvolutionRole, _ a: Shape, _ b: Shape, _ item: Shape) {
        self.geometry = geometry
        self.role = role
        let (left, right) = (Array(a.suffix(4)), Array(b.suffix(4)))
        batch = left[0]
        inputs = role == .inputGradient ? item[1] : left[1]
        outputs = role == .inputGradient ? left[1] : role == .output ? right[0] : right[1]
        (leftCount, rightCount) = (left.reduce(1, *), right.reduce(1, *))
    }

    func forEach(_ body: (_ left: Int, _ right: Int, _ result: Int) -> Void) {
        let convolution = geometry.convolution, window = geometry.kernel.area
        let (into, per) = (inputs / convolution.groups, outputs / convolution.groups)
        for place in 0..<(batch * outputs * geometry.output.area) {
            let (sample, output) = (place / geometry.output.area / outputs, place / geometry.output.area % outputs)
            for tap in 0..<(into * window) {
                guard let pixel = pixel(place % geometry.output.area, tap % window) else { continue }
                let x = (sample * inputs + output / per * into + tap / window) * geometry.input.area + pixel
                let w = output * into * window + tap
                switch role {
                case .output: body(x, w, place)
                case .inputGradient: body(place, w, x)
                case .weightGradient: body(x, place, w)
                }
            }
        }
    }

    /// The pixel that an element of the result sees through one place of the kernel; nil in the padding.
    private func pixel(_ at: Int, _ tap: Int) -> Int? {
        let c = geometry.convolution
        let y = at / geometry.output.width * c.stride.height + tap / geometry.kernel.width * c.dilation.height
        let x = at % geometry.output.width * c.stride.width + tap % geometry.kernel.width * c.dilation.width
        let (row, column) = (y - c.padding.height, x - c.padding.width)
        let isInside = (0..<geometry.input.height).contains(row) && (0..<geometry.input.width).contains(column)
        return isInside ? row * geometry.input.width + column : nil
    }
}
