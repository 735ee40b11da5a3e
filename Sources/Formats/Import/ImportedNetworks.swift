import ModelZoo

/// Where the networks of an import go: a zoo file, or memory.
protocol ImportedNetworks: AnyObject {
    /// What holds for all networks.
    var header: ZooHeader { get }
    /// Takes a block's networks; throws `DataError`.
    func append(_ block: Zoo) throws
    /// Sets the columns, one value for each network that was taken.
    func setColumns(_ columns: ZooColumns)
    /// Ends the import; throws `DataError`.
    func finish() throws
}

extension ZooWriter: ImportedNetworks {}

/// Imported networks in memory, without the checkpoints of their runs.
final class NetworkCollector: ImportedNetworks {
    let header: ZooHeader
    private var weights: [Float] = []
    private var buffers: [Float] = []
    private var columns: ZooColumns?

    init(header: ZooHeader) { self.header = header }

    func append(_ block: Zoo) throws {
        weights += block.weights
        buffers += block.buffers ?? []
    }

    func setColumns(_ columns: ZooColumns) { self.columns = columns }

    func finish() throws {}

    /// What was collected.
    var zoo: Zoo {
        Zoo(header: header, weights: weights, buffers: buffers.isEmpty ? nil : buffers, columns: columns)
    }
}
