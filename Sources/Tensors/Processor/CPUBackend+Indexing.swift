extension CPUBackend {
    func gather(_ x: StridedArray, axis: Int, indices: [Int32]) -> StridedArray {
        let source = dense(x)
        var shape = x.shape
        shape[axis] = indices.count
        let result = StridedArray(uninitialized: shape, precision: x.precision, on: self)
        let (outer, extent, inner) = x.shape.split(at: axis)
        for index in indices {
            precondition(index >= 0 && index < extent, "gather: index \(index) of axis \(axis) in \(x.shape)")
        }
        func run<S: KernelScalar>(_: S.Type) {
            let from: UnsafeMutablePointer<S> = source.pointer(), to: UnsafeMutablePointer<S> = result.pointer()
            indices.withUnsafeBufferPointer { indices in
                guard let first = indices.baseAddress else { return }
                Self.forRows(outer * indices.count, width: inner) { rows in
                    var row = rows.lowerBound
                    while row < rows.upperBound {
                        let (block, place) = row.quotientAndRemainder(dividingBy: indices.count)
                        let some = min(indices.count - place, rows.upperBound - row)
                        S.gather(some, inner, from + block * extent * inner, first + place, to + row * inner)
                        row += some
                    }
                }
            }
        }
        withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
        return result
    }

    func scatterAdd(_ x: StridedArray, axis: Int, indices: [Int32], count: Int) -> StridedArray {
        let source = dense(x)
        var shape = x.shape
        shape[axis] = count
        let result = StridedArray(uninitialized: shape, precision: x.precision, on: self)
        fill(result, with: 0)
        let (outer, rows, inner) = x.shape.split(at: axis)
        precondition(rows == indices.count, "scatterAdd: \(indices.count) indices for axis \(axis) of \(x.shape)")
        func run<S: KernelScalar>(_: S.Type) {
            let from: UnsafeMutablePointer<S> = source.pointer(), to: UnsafeMutablePointer<S> = result.pointer()
            for block in 0..<outer {
                for (row, index) in indices.enumerated() {
                    precondition(index >= 0 && index < count, "scatterAdd: index \(index) of \(count)")
                    let target = to + (block * count + Int(index)) * inner
                    S.combine(inner, 1, target, 1, from + (block * rows + row) * inner, target)
                }
            }
        }
        withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
        return result
    }
}

extension CPUBackend {
    func unfold(_ x: StridedArray, _ window: SlidingWindow) -> StridedArray {
        let source = dense(x)
        let rank = x.shape.count, extents = x.shape.lastTwo, places = window.places(in: extents)
        let taps = window.kernel.elementCount, columns = places.elementCount
        let rows = x.shape.prefix(rank - 2).reduce(1, *) * taps
        let result = StridedArray(
            uninitialized: x.shape.prefix(rank: rank - 3).appending(x.shape[rank - 3] * taps).appending(columns),
            precision: x.precision, on: self)
        func run<S: KernelScalar>(_: S.Type) {
            let from: UnsafeMutablePointer<S> = source.pointer(), to: UnsafeMutablePointer<S> = result.pointer()
            Self.forRows(rows, width: columns) { range in
                for row in range {
                    let tap = Tap(window, row % taps, extents, places)
                    tap.read(from + row / taps * extents.elementCount, into: to + row * columns)
                }
            }
        }
        withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
        return result
    }

    func fold(_ x: StridedArray, _ window: SlidingWindow, to extents: Shape) -> StridedArray {
        let source = dense(x)
        let rank = x.shape.count, places = window.places(in: extents)
        let taps = window.kernel.elementCount, columns = places.elementCount
        let shape = x.shape.prefix(rank: rank - 2).appending(x.shape[rank - 2] / taps)
            .appending(extents[0]).appending(extents[1])
        let result = StridedArray(uninitialized: shape, precision: x.precision, on: self)
        fill(result, with: 0)
        func run<S: KernelScalar>(_: S.Type) {
            let from: UnsafeMutablePointer<S> = source.pointer(), to: UnsafeMutablePointer<S> = result.pointer()
            let planes = shape.prefix(rank - 1).reduce(1, *)
            Self.forRows(planes, width: taps * columns) { range in
                for plane in range {
                    for index in 0..<taps {
                        let tap = Tap(window, index, extents, places)
                        tap.add(from + (plane * taps + index) * columns, to: to + plane * extents.elementCount)
                    }
                }
            }
        }
        withExtendedLifetime(source.storage) { withScalar(x.precision) { run($0) } }
        return result
    }
}

/// One element of a window, and where it lies in the array at each of the window's places.
private struct Tap {
    private let rows: (places: Range<Int>, first: Int)
    private let columns: (places: Range<Int>, first: Int)
    private let stride: Shape
    private let places: Shape
    private let width: Int

    init(_ window: SlidingWindow, _ index: Int, _ extents: Shape, _ places: Shape) {
        let (y, x) = index.quotientAndRemainder(dividingBy: window.kernel[1])
        rows = window.inside(0, tap: y, extent: extents[0], places: places[0])
        columns = window.inside(1, tap: x, extent: extents[1], places: places[1])
        (stride, self.places, width) = (window.stride, places, extents[1])
    }

    /// What the places see in `plane`, zeros outside.
    func read<S: KernelScalar>(_ plane: UnsafePointer<S>, into target: UnsafeMutablePointer<S>) {
        target.update(repeating: 0, count: places.elementCount)
        for (line, row) in lines {
            S.copy(
                columns.places.count, plane + row * width + columns.first, stride[1],
                target + line * places[1] + columns.places.lowerBound, 1)
        }
    }

    /// Adds one number a place to what it sees in `plane`.
    func add<S: KernelScalar>(_ source: UnsafePointer<S>, to plane: UnsafeMutablePointer<S>) {
        for (line, row) in lines {
            let from = source + line * places[1] + columns.places.lowerBound
            let target = plane + row * width + columns.first
            if stride[1] == 1 {
                S.combine(columns.places.count, 1, target, 1, from, target)
            } else {
                for place in 0..<columns.places.count { target[place * stride[1]] += from[place] }
            }
        }
    }

    /// Rows of places, and the row of the plane that each sees.
    private var lines: LazyMapSequence<Range<Int>, (Int, Int)> {
        rows.places.lazy.map { ($0, rows.first + ($0 - rows.places.lowerBound) * stride[0]) }
    }
}
