import CKernels

extension CPUBackend {
    func convolution(
        _ geometry: ConvolutionGeometry, _ role: ConvolutionRole, _ a: StridedArray, _ b: StridedArray,
        bias: StridedArray?
    ) -> StridedArray {
        let left = PopulationArray(a, itemAxes: 3, self)
        let right = PopulationArray(b, itemAxes: role == .weightGradient ? 3 : 4, self)
        let kernels = bias.map { PopulationArray($0, itemAxes: 1, self) }
        let population = [left, right].lazy.compactMap(\.population).first
        precondition(
            [left, right].allSatisfy { $0.population == nil || $0.population == population },
            "convolution: populations of \(a.shape) and \(b.shape)")
        let shape = geometry.shape(of: role, a.shape, b.shape)
        let job = ConvolutionJob(
            geometry: geometry, role: role, left: left, right: right, bias: kernels, networks: population ?? 1,
            shape: Shape((population.map { [$0] } ?? []) + shape), samples: left.samples)
        func run<S: KernelScalar>(_: S.Type) -> StridedArray {
            role == .weightGradient ? weightGradient(job, as: S.self) : correlation(job, as: S.self)
        }
        return withExtendedLifetime(job) { withScalar(a.precision) { run($0) } }
    }

    private func correlation<S: KernelScalar>(_ job: ConvolutionJob, as _: S.Type) -> StridedArray {
        let result = StridedArray(uninitialized: job.shape, precision: S.precision, on: self)
        guard result.count > 0 else { return result }
        let c = job.geometry.kernel(job.role, job.left, job.right)
        let groups = job.geometry.convolution.groups
        let (x, w): (UnsafeMutablePointer<S>, UnsafeMutablePointer<S>) = (job.left.pointer(), job.right.pointer())
        let bias: UnsafeMutablePointer<S>? = job.bias.map { $0.pointer() }
        let out: UnsafeMutablePointer<S> = result.pointer()
        let (reads, writes) = (c.inputs * c.height * c.width, c.outputs * c.out_height * c.out_width)
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
