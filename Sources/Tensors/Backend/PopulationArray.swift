/// An array [B?, item...] or [P, B?, item...] whose items lie contiguously.
struct PopulationArray {
    private let array: StridedArray
    private let itemAxes: Int
    private let hasSamples: Bool
    /// P, or nil where all networks share the array.
    let population: Int?
    /// Elements of one item.
    let itemCount: Int

    /// Images (three axes an item) have an axis of samples, weights (four) and biases (one) have none.
    init(_ x: StridedArray, itemAxes: Int, _ backend: CPUBackend) {
        hasSamples = itemAxes == 3
        let lead = x.shape.count - itemAxes - (hasSamples ? 1 : 0)
        precondition(lead == 0 || lead == 1, "convolution: shape \(x.shape)")
        population = lead == 1 ? x.shape[0] : nil
        let item = Shape(x.shape.array.suffix(itemAxes))
        let isDense = x.viewed(shape: item, strides: Shape(x.strides.array.suffix(itemAxes))).isContiguous
        array = isDense ? x : backend.copy(x)
        self.itemAxes = itemAxes
        itemCount = item.elementCount
    }

    var shape: Shape { array.shape }
    private var sampleAxis: Int { array.shape.count - itemAxes - 1 }
    var samples: Int { hasSamples ? array.shape[sampleAxis] : 1 }
    var sampleStride: Int { hasSamples ? array.strides[sampleAxis] : 0 }

    /// Where a network's item begins.
    func offset(_ network: Int, _ sample: Int = 0) -> Int {
        (population == nil ? 0 : network * array.strides[0]) + sample * sampleStride
    }

    func pointer<S: KernelScalar>() -> UnsafeMutablePointer<S> { array.pointer() }
}
