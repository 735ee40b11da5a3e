/// One role of a convolution, ready to be divided into work items.
struct ConvolutionJob {
    let geometry: ConvolutionGeometry
    let role: ConvolutionRole
    let left: PopulationArray, right: PopulationArray
    let bias: PopulationArray?
    let networks: Int
    /// Of the result.
    let shape: Shape
    let samples: Int

    struct Item {
        let network: Int, group: Int, chunk: Int
        let samples: Range<Int>
    }

    /// Samples are divided among work items in multiples of this, whatever the kernel set's vectors hold.
    private static let sampleBlock = 16
    /// Samples are divided until there are so many work items.
    private static let wantedItems = 16

    /// Samples of one work item; fixed by the shapes alone.
    private var chunkSize: Int {
        let parts = max(1, Self.wantedItems / max(1, networks * geometry.convolution.groups))
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
