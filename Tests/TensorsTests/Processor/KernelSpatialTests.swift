import CKernels
import Testing

@Suite("Kernels: convolution and pooling")
struct KernelSpatialTests {
    /// A random convolution as the kernels know it, in plain loops.
    struct Problem {
        let c: ck_convolution
        let samples: Int, x, w, bias, g: [Float]

        init(_ index: Int) {
            var inputs = KernelInputs(UInt64(7000 + index))
            func pick(_ range: ClosedRange<Int>) -> Int {
                range.lowerBound + Int((inputs.next() + 1) / 2 * Double(range.count))
            }
            let (channels, outputs, kh, kw) = (pick(1...3), pick(1...15), pick(1...3), pick(1...4))
            c = ck_convolution(
                inputs: channels, height: pick(1...6), width: pick(1...9), outputs: outputs, out_height: pick(1...5),
                out_width: pick(1...13), kernel_height: kh, kernel_width: kw, stride_y: pick(1...2),
                stride_x: pick(1...3), dilation_y: pick(1...2), dilation_x: pick(1...3), top: pick(-2...3),
                left: pick(-3...3), spread_y: pick(1...2), spread_x: pick(1...3), weight_output: channels * kh * kw,
                weight_input: kh * kw, flipped: pick(0...1) == 0, pool_height: 1, pool_width: 1)
            samples = pick(1...35)
            x = inputs.floats(samples * channels * c.height * c.width)
            w = inputs.floats(outputs * channels * kh * kw)
            bias = inputs.floats(outputs)
            g = inputs.floats(samples * outputs * c.out_height * c.out_width)
        }

        /// The element of sample `s` that a tap of a window sees, or nil in the border or between elements.
        private func seen(_ s: Int, _ i: Int, _ y: Int, _ x: Int) -> Double? {
            let (row, column) = (y - c.top, x - c.left)
            guard row >= 0, column >= 0, row % c.spread_y == 0, column % c.spread_x == 0 else { return nil }
            let (a, b) = (row / c.spread_y, column / c.spread_x)
            guard a < c.height, b < c.width else { return nil }
            return Double(self.x[((s * c.inputs + i) * c.height + a) * c.width + b])
        }

        func results() -> (y: [Double], dw: [Double]) {
            let window = c.kernel_height * c.kernel_width
            var out = g.indices.map { Double(bias[$0 / (c.out_height * c.out_width) % c.outputs]) }
            var slopes = w.map { _ in 0.0 }
            for place in g.indices {
                let (row, column) = (place / c.out_width % c.out_height, place % c.out_width)
                let plane = place / (c.out_height * c.out_width), (s, o) = (plane / c.outputs, plane % c.outputs)
                for t in 0..<(c.inputs * window) {
                    let (i, k) = (t / window, t % window)
                    let y = row * c.stride_y + k / c.kernel_width * c.dilation_y
                    guard let value = seen(s, i, y, column * c.stride_x + k % c.kernel_width * c.dilation_x) else {
                        continue
                    }
                    out[place] += value * Double(w[o * c.weight_output + i * window + (c.flipped ? window - 1 - k : k)])
                    slopes[o * c.weight_output + t] += value * Double(g[place])
                }
            }
            return (out, slopes)
        }
    }

    /// Scratch memory at a multiple of 64 bytes.
    private static func withScratch<T>(_ count: Int, as _: T.Type, _ body: (UnsafeMutablePointer<T>) -> Void) {
        let raw = UnsafeMutableRawPointer.allocate(byteCount: max(count, 1) * MemoryLayout<T>.stride, alignment: 64)
        defer { raw.deallocate() }
        // What an earlier use left there must not matter.
        raw.initializeMemory(as: UInt8.self, repeating: 0xff, count: count * MemoryLayout<T>.stride)
        body(raw.assumingMemoryBound(to: T.self))
    }

    @Test("Correlations and their weight gradients equal plain loops", arguments: KernelSets.names)
    func correlations(set: String) {
        let table = KernelSets.table(set)
        for index in 0..<60 {
            let problem = Problem(index), (y, dw) = problem.results()
            var c = problem.c
            let (xs, gs) = (c.inputs * c.height * c.width, c.outputs * c.out_height * c.out_width), n = problem.samples
            var out = [Float](repeating: .nan, count: y.count), slopes = [Float](repeating: .nan, count: dw.count)
            Self.withScratch(table.conv_scratch_f32(&c, false), as: Float.self) {
                table.correlate_f32(&c, n, problem.x, xs, problem.w, problem.bias, &out, gs, $0)
            }
            Self.withScratch(table.conv_scratch_f32(&c, true), as: Float.self) {
                table.correlate_weights_f32(&c, n, problem.x, xs, problem.g, gs, &slopes, $0)
            }
            #expect(zip(out, y).allSatisfy { abs(Double($0) - $1) < 1e-5 }, "problem \(index)")
            #expect(zip(slopes, dw).allSatisfy { abs(Double($0) - $1) < 3e-5 }, "weights, problem \(index)")
            var wide = y.map { _ in Double.nan }, wideSlopes = dw.map { _ in Double.nan }
            let (x, w, g) = (problem.x.map(Double.init), problem.w.map(Double.init), problem.g.map(Double.init))
            Self.withScratch(table.conv_scratch_f64(&c, false), as: Double.self) {
                table.correlate_f64(&c, n, x, xs, w, problem.bias.map(Double.init), &wide, gs, $0)
            }
            Self.withScratch(table.conv_scratch_f64(&c, true), as: Double.self) {
                table.correlate_weights_f64(&c, n, x, xs, g, gs, &wideSlopes, $0)
            }
            #expect(zip(wide, y).allSatisfy { abs($0 - $1) < 1e-13 }, "double, problem \(index)")
            #expect(zip(wideSlopes, dw).allSatisfy { abs($0 - $1) < 1e-12 }, "double weights, problem \(index)")
        }
    }

    @Test("A pooled correlation is the correlation's largest of each window", arguments: KernelSets.names)
    func pooledCorrelations(set: String) {
        let table = KernelSets.table(set)
        for index in 0..<60 {
            let problem = Problem(index), n = problem.samples
            var c = problem.c, x = problem.x
            x[x.count / 2] = .nan
            let reads = c.inputs * c.height * c.width, area = c.out_height * c.out_width
            func run(_ height: Int, _ width: Int) -> [Float] {
                (c.pool_height, c.pool_width) = (height, width)
                let writes = c.outputs * (c.out_height / height) * (c.out_width / width)
                var out = [Float](repeating: .nan, count: n * writes)
                Self.withScratch(table.conv_scratch_f32(&c, false), as: Float.self) {
                    table.correlate_f32(&c, n, x, reads, problem.w, problem.bias, &out, writes, $0)
                }
                return out
            }
            let whole = run(1, 1)
            for (height, width) in [(1, 2), (2, 2), (3, 1), (2, 3)] {
                let (rows, columns) = (c.out_height / height, c.out_width / width)
                var wanted: [Float] = []
                for place in 0..<(n * c.outputs * rows * columns) {
                    let plane = place / (rows * columns), (i, j) = (place / columns % rows, place % columns)
                    let corner = plane * area + i * height * c.out_width + j * width
                    var largest = whole[corner]
                    for step in 0..<(height * width) {
                        let next = whole[corner + step / width * c.out_width + step % width]
                        if next > largest || next.isNaN { largest = next }
                    }
                    wanted.append(largest)
                }
                let found = run(height, width)
                #expect(found.map(\.bitPattern) == wanted.map(\.bitPattern), "problem \(index), \(height) x \(width)")
            }
        }
    }

    @Test("Max pooling by pairs equals the general loop", arguments: KernelSets.names)
    func pooling(set: String) {
        let table = KernelSets.table(set)
        for (height, width) in [(2, 2), (3, 5), (4, 31), (5, 32), (2, 33), (24, 24), (8, 8)] {
            var inputs = KernelInputs(UInt64(width))
            var x = inputs.floats(3 * height * width, scale: 2).map { $0.rounded() }
            x[1] = .nan
            let (rows, columns) = ((0..<Int32(height / 2)).map { $0 * 2 }, (0..<Int32(width / 2)).map { $0 * 2 })
            let windows = 3 * rows.count * columns.count
            var (fast, slow) = ([Float](repeating: 0, count: windows), [Float](repeating: 0, count: windows))
            var fastPlaces = [Int32](repeating: -1, count: windows), slowPlaces = fastPlaces
            table.max_pool_2x2_f32(height, width, 3, x, &fast, &fastPlaces)
            rows.withUnsafeBufferPointer { r in
                rows.map { $0 + 2 }.withUnsafeBufferPointer { re in
                    columns.withUnsafeBufferPointer { k in
                        columns.map { $0 + 2 }.withUnsafeBufferPointer { ke in
                            var c = ck_pooling(
                                height: height, width: width, out_height: rows.count, out_width: columns.count,
                                dilation_y: 1, dilation_x: 1, row_starts: r.baseAddress, row_ends: re.baseAddress,
                                column_starts: k.baseAddress, column_ends: ke.baseAddress)
                            table.max_pool_f32(&c, 3, x, &slow, &slowPlaces)
                        }
                    }
                }
            }
            #expect(fastPlaces == slowPlaces, "\(height) x \(width)")
            var alone = [Float](repeating: 0, count: windows)
            table.max_pool_2x2_f32(height, width, 3, x, &alone, nil)
            #expect(alone.map(\.bitPattern) == fast.map(\.bitPattern), "\(height) x \(width), no places")
            #expect(fast.map(\.bitPattern) == slow.map(\.bitPattern), "\(height) x \(width)")
            var wide = [Double](repeating: 0, count: windows), widePlaces = slowPlaces
            table.max_pool_2x2_f64(height, width, 3, x.map(Double.init), &wide, &widePlaces)
            #expect(widePlaces == slowPlaces && zip(wide, slow).allSatisfy { $0 == Double($1) || $0.isNaN && $1.isNaN })
        }
    }

    @Test("Taking and putting by place", arguments: KernelSets.names)
    func places(set: String) {
        let table = KernelSets.table(set)
        var (places, out): ([Int32], [Float]) = ([2, 0, 0, 1, 1, 1], [Float](repeating: .nan, count: 6))
        table.take_f32(2, 3, 3, [10, 11, 12, 20, 21, 22], &places, &out)
        #expect(out == [12, 10, 10, 21, 21, 21])
        table.put_f32(2, 3, 3, [1, 2, 4, 1, 2, 4], &places, &out)
        #expect(out == [6, 0, 1, 0, 7, 0])
        var wide = [Double](repeating: .nan, count: 6)
        table.take_f64(2, 3, 3, [10, 11, 12, 20, 21, 22], &places, &wide)
        #expect(wide == [12, 10, 10, 21, 21, 21])
        table.put_f64(2, 3, 3, [1, 2, 4, 1, 2, 4], &places, &wide)
        #expect(wide == [6, 0, 1, 0, 7, 0])
    }
}
