import CKernels

extension CPUBackend {
    func map(_ op: ck_unary, _ x: consuming StridedArray) -> StridedArray {
        let result = x.blockForResult() ?? StridedArray(uninitialized: x.shape, precision: x.precision, on: self)
        func run<S: KernelScalar>(_: S.Type, _ x: StridedArray) {
            unary(x, into: result, as: S.self) { n, source, step, target in S.map(op, n, source, step, target) }
        }
        withScalar(result.precision) { run($0, x) }
        return result
    }

    func affine(_ x: consuming StridedArray, scale: Double, offset: Double) -> StridedArray {
        let result = x.blockForResult() ?? StridedArray(uninitialized: x.shape, precision: x.precision, on: self)
        func run<S: KernelScalar>(_: S.Type, _ x: StridedArray) {
            let (scale, offset) = (S(scale), S(offset))
            unary(x, into: result, as: S.self) { n, source, step, target in
                S.affine(n, source, step, scale, offset, target)
            }
        }
        withScalar(result.precision) { run($0, x) }
        return result
    }

    func copy(_ x: StridedArray) -> StridedArray {
        let result = StridedArray(uninitialized: x.shape, precision: x.precision, on: self)
        copy(x, into: result)
        return result
    }

    func copy(_ x: StridedArray, into target: StridedArray) {
        precondition(x.shape == target.shape, "copy: \(x.shape) into \(target.shape)")
        func run<S: KernelScalar>(_: S.Type) {
            let source: UnsafeMutablePointer<S> = x.pointer(), destination: UnsafeMutablePointer<S> = target.pointer()
            let nest = LoopNest(shape: x.shape, strides: [x.strides, target.strides])
            guard x.count > 0 else { return }
            if nest.outer.isEmpty {
                let (from, to) = (nest.innerStrides[0], nest.innerStrides[1])
                Self.forChunks(nest.inner) { start, length in
                    S.copy(length, source + start * from, from, destination + start * to, to)
                }
            } else if transposeRuns(nest, source, destination) {
                return
            } else {
                Self.forRows(nest.outerCount, width: nest.inner) { rows in
                    for row in rows {
                        S.copy(
                            nest.inner, source + nest.offset(of: 0, at: row), nest.innerStrides[0],
                            destination + nest.offset(of: 1, at: row), nest.innerStrides[1])
                    }
                }
            }
        }
        withScalar(x.precision) { run($0) }
    }

    /// Copies by blocked transposes where the last two fused axes are swapped; false where they are not.
    private func transposeRuns<S: KernelScalar>(
        _ nest: LoopNest, _ source: UnsafeMutablePointer<S>, _ target: UnsafeMutablePointer<S>
    ) -> Bool {
        guard let rows = nest.outer.last, nest.innerStrides[1] == 1, nest.innerStrides[0] > 1,
            nest.outerStrides[0].last == 1, let ldo = nest.outerStrides[1].last
        else { return false }
        let cols = nest.inner, ldx = nest.innerStrides[0]
        Self.forRows(nest.outerCount / rows, width: rows * cols) { planes in
            for plane in planes {
                S.transpose(
                    cols, rows, source + nest.offset(of: 0, at: plane * rows), ldx,
                    target + nest.offset(of: 1, at: plane * rows), ldo)
            }
        }
        return true
    }

    func fill(_ target: StridedArray, with value: Double) {
        func run<S: KernelScalar>(_: S.Type) {
            withUnsafePointer(to: S(value)) { source in
                let destination: UnsafeMutablePointer<S> = target.pointer()
                let nest = LoopNest(shape: target.shape, strides: [target.strides])
                guard target.count > 0 else { return }
                for row in 0..<nest.outerCount {
                    S.copy(nest.inner, source, 0, destination + nest.offset(of: 0, at: row), nest.innerStrides[0])
                }
            }
        }
        withScalar(target.precision) { run($0) }
    }

    func zip(_ op: ck_binary, _ a: consuming StridedArray, _ b: consuming StridedArray) -> StridedArray {
        precondition(a.shape == b.shape, "elementwise: \(a.shape) and \(b.shape)")
        let result =
            a.blockForResult() ?? b.blockForResult()
            ?? StridedArray(uninitialized: a.shape, precision: a.precision, on: self)
        func run<S: KernelScalar>(_: S.Type, _ a: StridedArray, _ b: StridedArray) {
            let left: UnsafeMutablePointer<S> = a.pointer(), right: UnsafeMutablePointer<S> = b.pointer()
            let target: UnsafeMutablePointer<S> = result.pointer()
            let nest = LoopNest(shape: a.shape, strides: [a.strides, b.strides, result.strides])
            let (sa, sb) = (nest.innerStrides[0], nest.innerStrides[1])
            guard a.count > 0 else { return }
            if nest.outer.isEmpty {
                Self.forChunks(nest.inner) { start, length in
                    S.zip(op, length, left + start * sa, sa, right + start * sb, sb, target + start)
                }
            } else {
                Self.forRows(nest.outerCount, width: nest.inner) { rows in
                    for row in rows {
                        S.zip(
                            op, nest.inner, left + nest.offset(of: 0, at: row), sa,
                            right + nest.offset(of: 1, at: row), sb, target + row * nest.inner)
                    }
                }
            }
        }
        withScalar(result.precision) { run($0, a, b) }
        return result
    }

    private func unary<S: KernelScalar>(
        _ x: StridedArray, into result: StridedArray, as: S.Type,
        _ kernel: (Int, UnsafePointer<S>, Int, UnsafeMutablePointer<S>) -> Void
    ) {
        let source: UnsafeMutablePointer<S> = x.pointer(), target: UnsafeMutablePointer<S> = result.pointer()
        let nest = LoopNest(shape: x.shape, strides: [x.strides, result.strides])
        let step = nest.innerStrides[0]
        guard x.count > 0 else { return }
        if nest.outer.isEmpty {
            Self.forChunks(nest.inner) { start, length in
                kernel(length, source + start * step, step, target + start)
            }
        } else {
            Self.forRows(nest.outerCount, width: nest.inner) { rows in
                for row in rows {
                    kernel(nest.inner, source + nest.offset(of: 0, at: row), step, target + row * nest.inner)
                }
            }
        }
    }
}

/// A walk over several strided views of one shape, with neighbouring axes fused and the last axis left to a kernel.
struct LoopNest {
    /// Extents of the outer axes, and of the inner one.
    private(set) var outer: [Int] = []
    private(set) var inner = 1
    /// For each view, the strides of the outer axes and of the inner one.
    private(set) var outerStrides: [[Int]]
    private(set) var innerStrides: [Int]

    var outerCount: Int { outer.reduce(1, *) }

    /// Fuses axes wherever all views allow it.
    init(shape: Shape, strides: [Shape]) {
        var extents: [Int] = []
        var steps: [[Int]] = Array(repeating: [], count: strides.count)
        for axis in shape.indices where shape[axis] != 1 {
            let fuses =
                !extents.isEmpty
                && strides.indices.allSatisfy { view in
                    steps[view][extents.count - 1] == strides[view][axis] * shape[axis]
                }
            if fuses {
                extents[extents.count - 1] *= shape[axis]
                for view in strides.indices { steps[view][extents.count - 1] = strides[view][axis] }
            } else {
                extents.append(shape[axis])
                for view in strides.indices { steps[view].append(strides[view][axis]) }
            }
        }
        inner = extents.popLast() ?? 1
        outer = extents
        innerStrides = steps.map { $0.last ?? 0 }
        outerStrides = steps.map { Array($0.dropLast()) }
    }

    /// Offsets of every view at the outer position `index`.
    func offset(of view: Int, at index: Int) -> Int {
        var rest = index
        var offset = 0
        for axis in stride(from: outer.count - 1, through: 0, by: -1) {
            offset += rest % outer[axis] * outerStrides[view][axis]
            rest /= outer[axis]
        }
        return offset
    }
}
