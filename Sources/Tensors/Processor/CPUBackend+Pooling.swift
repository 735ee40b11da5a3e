import CKernels

extension CPUBackend {
    func maxPool(_ x: StridedArray, rows: PoolingWindows, columns: PoolingWindows, findsPlaces: Bool)
        -> (StridedArray, Places?)
    {
        let source = dense(x)
        let area = rows.extent * columns.extent, planes = x.count / max(area, 1)
        precondition(area <= Int(Int32.max), "maxPool: planes of \(x.shape)")
        var shape = x.shape
        shape[shape.count - 2] = rows.count
        shape[shape.count - 1] = columns.count
        let result = StridedArray(uninitialized: shape, precision: x.precision, on: self)
        let places = findsPlaces ? Places(uninitialized: shape, on: self) : nil
        let target = UncheckedBox(places?.pointer), windows = rows.count * columns.count
        func run<S: KernelScalar>(_: S.Type) {
            let from: UnsafeMutablePointer<S> = source.pointer(), to: UnsafeMutablePointer<S> = result.pointer()
            Self.withPooling(rows, columns) { pooling in
                Self.forRows(planes, width: area) { range in
                    let first = range.lowerBound
                    let (x, out) = (from + first * area, to + first * windows)
                    let places = target.value.map { $0 + first * windows }
                    if rows.arePairs && columns.arePairs {
                        S.maxPoolPairs(rows.extent, columns.extent, range.count, x, out, places)
                    } else {
                        S.maxPool(pooling, range.count, x, out, places)
                    }
                }
            }
        }
        withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
        return (result, places)
    }

    private static func withPooling(
        _ rows: PoolingWindows, _ columns: PoolingWindows, _ body: (ck_pooling) -> Void
    ) {
        rows.withBounds { rowStarts, rowEnds in
            columns.withBounds { columnStarts, columnEnds in
                body(
                    ck_pooling(
                        height: rows.extent, width: columns.extent, out_height: rows.count,
                        out_width: columns.count, dilation_y: rows.step, dilation_x: columns.step,
                        row_starts: rowStarts, row_ends: rowEnds, column_starts: columnStarts,
                        column_ends: columnEnds))
            }
        }
    }

    func take(_ x: StridedArray, _ places: Places) -> StridedArray {
        let source = dense(x)
        let result = StridedArray(uninitialized: places.shape, precision: x.precision, on: self)
        let (n, m) = (x.shape[x.shape.count - 1], places.shape[places.shape.count - 1])
        let index = UncheckedBox(places.pointer)
        func run<S: KernelScalar>(_: S.Type) {
            let from: UnsafeMutablePointer<S> = source.pointer(), to: UnsafeMutablePointer<S> = result.pointer()
            Self.forRows(x.count / max(n, 1), width: n) { rows in
                let first = rows.lowerBound
                S.take(rows.count, n, m, from + first * n, index.value + first * m, to + first * m)
            }
        }
        withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
        return result
    }

    func put(_ x: StridedArray, _ places: Places, count n: Int) -> StridedArray {
        precondition(x.shape == places.shape, "put: \(x.shape) to places \(places.shape)")
        let source = dense(x)
        var shape = x.shape
        let m = shape[shape.count - 1]
        shape[shape.count - 1] = n
        let result = StridedArray(uninitialized: shape, precision: x.precision, on: self)
        let index = UncheckedBox(places.pointer)
        func run<S: KernelScalar>(_: S.Type) {
            let from: UnsafeMutablePointer<S> = source.pointer(), to: UnsafeMutablePointer<S> = result.pointer()
            Self.forRows(result.count / max(n, 1), width: n) { rows in
                let first = rows.lowerBound
                S.put(rows.count, n, m, from + first * m, index.value + first * m, to + first * n)
            }
        }
        withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
        return result
    }
}

extension PoolingWindows {
    /// The bounds of the windows as the kernels read them.
    fileprivate func withBounds(
        _ body: (_ starts: UnsafePointer<Int32>?, _ ends: UnsafePointer<Int32>?) -> Void
    ) {
        starts.withUnsafeBufferPointer { starts in
            ends.withUnsafeBufferPointer { ends in body(starts.baseAddress, ends.baseAddress) }
        }
    }
}
