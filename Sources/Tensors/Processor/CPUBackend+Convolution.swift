import CKernels

extension CPUBackend {
    func convolution(
        _ geometry: ConvolutionGeometry, _ role: ConvolutionRole, _ a: StridedArray, _ b: StridedArray,
        bias: StridedArray?, pool: HeightWidth
    ) -> StridedArray {
        let left = PopulationArray(a, itemAxes: 3, self)
        let right = PopulationArray(b, itemAxes: role == .weightGradient ? 3 : 4, self)
        let kernels = bias.map { PopulationArray($0, itemAxes: 1, self) }
        let population = [left, right].lazy.compactMap(\.population).first
        precondition(
            [left, right].allSatisfy { $0.population == nil || $0.population == population },
            "convolution: populations of \(a.shape) and \(b.shape)")
        var shape = geometry.shape(of: role, a.shape, b.shape)
        shape[2] /= pool.height
        shape[3] /= pool.width
        let job = ConvolutionJob(
            geometry: geometry, role: role, pool: pool, left: left, right: right, bias: kernels,
            networks: population ?? 1,
            shape: Shape((population.map { [$0] } ?? []) + shape), samples: left.samples)
        func run<S: KernelScalar>(_: S.Type) -> StridedArray {
            role == .weightGradient ? weightGradient(job, as: S.self) : correlation(job, as: S.self)
        }
        return withExtendedLifetime(job) { withScalar(a.precision) { run($0) } }
    }

    private func correlation<S: KernelScalar>(_ job: ConvolutionJob, as _: S.Type) -> StridedArray {
        let result = StridedArray(uninitialized: job.shape, precision: S.precision, on: self)
        guard result.count > 0 else { return result }
        var c = job.geometry.kernel(job.role, job.left, job.right)
        (c.pool_height, c.pool_width) = (job.pool.height, job.pool.width)
        let groups = job.geometry.convolution.groups
        let (x, w): (UnsafeMutablePointer<S>, UnsafeMutablePointer<S>) = (job.left.pointer(), job.right.pointer())
        let bias: UnsafeMutablePointer<S>? = job.bias.map { $0.pointer() }
        let out: UnsafeMutablePointer<S> = result.pointer()
        let reads = c.inputs * c.height * c.width
        let writes = c.outputs * (c.out_height / c.pool_height) * (c.out_width / c.pool_width)
        let weights = job.right.itemCount / groups
        forItems(job, scratch: S.convolutionScratch(c, gradient: false)) { item, scratch in
            let (p, group) = (item.network, item.group)
            S.correlate(
                c,
                CorrelationCall(
                    samples: item.samples.count,
                    x: x + job.left.offset(p, item.samples.lowerBound) + group * reads, stride: job.left.sampleStride,
                    outputStride: writes * groups, scratch: scratch),
                w + job.right.offset(p) + group * weights,
                bias.map { $0 + (job.bias?.offset(p) ?? 0) + group * c.outputs },
                out + (p * job.samples + item.samples.lowerBound) * writes * groups + group * writes)
        }
        return result
    }

    /// Each work item sums over its own samples; the sums of several are then added in order.
    private func weightGradient<S: KernelScalar>(_ job: ConvolutionJob, as _: S.Type) -> StridedArray {
        let count = job.shape.elementCount, chunks = job.chunks
        let partial = StridedArray(uninitialized: [max(chunks, 1), count], precision: S.precision, on: self)
        if chunks == 0 || count == 0 {
            fill(partial, with: 0)
            return partial.viewed(shape: job.shape, strides: job.shape.contiguousStrides)
        }
        let c = job.geometry.kernel(job.role, job.left, job.right)
        let groups = job.geometry.convolution.groups
        let (x, g): (UnsafeMutablePointer<S>, UnsafeMutablePointer<S>) = (job.left.pointer(), job.right.pointer())
        let out: UnsafeMutablePointer<S> = partial.pointer()
        let (reads, upstream) = (c.inputs * c.height * c.width, c.outputs * c.out_height * c.out_width)
        let weights = c.outputs * c.inputs * c.kernel_height * c.kernel_width
        forItems(job, scratch: S.convolutionScratch(c, gradient: true)) { item, scratch in
            let (p, group, first) = (item.network, item.group, item.samples.lowerBound)
            S.correlateWeights(
                c,
                CorrelationCall(
                    samples: item.samples.count, x: x + job.left.offset(p, first) + group * reads,
                    stride: job.left.sampleStride, outputStride: job.right.sampleStride, scratch: scratch),
                g + job.right.offset(p, first) + group * upstream,
                out + item.chunk * count + (p * groups + group) * weights)
        }
        let total = chunks == 1 ? partial : sum(partial, axes: [0])
        return total.viewed(shape: job.shape, strides: job.shape.contiguousStrides)
    }

    private func forItems<S: KernelScalar>(
        _ job: ConvolutionJob, scratch count: Int,
        _ body: (_ item: ConvolutionJob.Item, _ scratch: UnsafeMutablePointer<S>) -> Void
    ) {
        parallelFor(job.networks * job.chunks * job.geometry.convolution.groups) { index in
            let scratch = StridedArray(uninitialized: [count], precision: S.precision, on: self)
            withExtendedLifetime(scratch.storage) { body(job.item(index), scratch.pointer()) }
        }
    }
}

/// One role of a convolution, ready to be divided into work items.
struct ConvolutionJob {
    let geometry: ConvolutionGeometry
    let role: ConvolutionRole
    let pool: HeightWidth
    let left: PopulationArray, right: PopulationArray
    let bias: PopulationArray?
    let networks: Int
    /// Shape of the result, population included.
    let shape: Shape
    let samples: Int

    struct Item {
        let network: Int, group: Int, chunk: Int
        let samples: Range<Int>
    }

    /// Samples are divided among work items in multiples of this, whatever the kernel set's vectors hold.
    private static let sampleBlock = 16
    /// Samples are divided until there are about this many work items.
    private static let targetItems = 16

    /// Samples of one work item; fixed by the shapes alone.
    private var chunkSize: Int {
        let parts = max(1, Self.targetItems / max(1, networks * geometry.convolution.groups))
        let even = (samples + parts - 1) / parts
        return max(1, (even + Self.sampleBlock - 1) / Self.sampleBlock) * Self.sampleBlock
    }

    var chunks: Int { (samples + chunkSize - 1) / chunkSize }

    func item(_ index: Int) -> Item {
        let groups = geometry.convolution.groups
        let chunk = index / groups % chunks, first = chunk * chunkSize
        return Item(
            network: index / groups / chunks, group: index % groups, chunk: chunk,
            samples: first..<min(samples, first + chunkSize))
    }
}

/// An array [B?, item...] or [P, B?, item...] whose items lie contiguously.
struct PopulationArray {
    private let array: StridedArray
    private let itemAxes: Int
    private let hasSamples: Bool
    /// P, or nil where all networks share the array.
    let population: Int?
    /// Number of elements of one item.
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

extension ConvolutionGeometry {
    /// Shape of a role's result, without the population.
    func shape(of role: ConvolutionRole, _ a: Shape, _ b: Shape) -> [Int] {
        func channels(_ shape: Shape, _ fromEnd: Int) -> Int { shape[shape.count - fromEnd] }
        switch role {
        case .output: return [channels(a, 4), channels(b, 4), output.height, output.width]
        case .inputGradient:
            return [channels(a, 4), channels(b, 3) * convolution.groups, input.height, input.width]
        case .weightGradient:
            return [channels(b, 3), channels(a, 3) / convolution.groups, kernel.height, kernel.width]
        }
    }

    /// What one group of channels looks like to the kernel. The input gradient is itself a convolution: of the upstream
    /// gradient, with zeros between its elements, with the windows of weights reversed.
    func kernel(_ role: ConvolutionRole, _ left: PopulationArray, _ right: PopulationArray) -> ck_convolution {
        let groups = convolution.groups, read = left.shape[left.shape.count - 3] / groups
        let reversed = role == .inputGradient
        let written =
            switch role {
            case .output: right.shape[right.shape.count - 4] / groups
            case .inputGradient: right.shape[right.shape.count - 3]
            case .weightGradient: right.shape[right.shape.count - 3] / groups
            }
        let (from, to) = reversed ? (output, input) : (input, output)
        let stride: HeightWidth = reversed ? 1 : convolution.stride
        let spread: HeightWidth = reversed ? convolution.stride : 1
        let margin =
            reversed
            ? HeightWidth.map(convolution.dilation, kernel, convolution.padding) { $0[0] * ($0[1] - 1) - $0[2] }
            : convolution.padding
        let (near, far) = (kernel.area, (reversed ? written : read) * kernel.area)
        return ck_convolution(
            inputs: read, height: from.height, width: from.width, outputs: written, out_height: to.height,
            out_width: to.width, kernel_height: kernel.height, kernel_width: kernel.width,
            stride_y: stride.height, stride_x: stride.width, dilation_y: convolution.dilation.height,
            dilation_x: convolution.dilation.width, top: margin.height, left: margin.width,
            spread_y: spread.height, spread_x: spread.width, weight_output: reversed ? near : far,
            weight_input: reversed ? far : near, flipped: reversed, pool_height: 1, pool_width: 1)
    }
}
