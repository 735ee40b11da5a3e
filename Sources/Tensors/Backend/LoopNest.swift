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
            let fuses = !extents.isEmpty && strides.indices.allSatisfy { view in
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
