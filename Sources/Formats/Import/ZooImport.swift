import Basics
import ModelZoo
import Networks

/// Brings networks of any source into a zoo file, one at a time: memory does not grow with their number.
public struct ZooImport: Sendable {
    /// What is done with the checkpoints of a run.
    public enum Checkpoints: String, Sendable, CaseIterable {
        /// A run is one network, its last checkpoint; all of them are kept as its trajectory.
        case trajectory
        /// A run is one network, its last checkpoint; the others are left out.
        case last
        /// Every checkpoint is a network.
        case each
    }

    /// The order of a vector without names.
    public enum FlatOrder: String, Sendable, CaseIterable {
        /// The layout's own: PyTorch's state dict, weight, bias, weight, bias, ...
        case layout
        /// All weights in the layout's order, then all the rest.
        case weightsFirst = "weights-first"
    }

    /// The networks' family, where it is known.
    public var architecture: Architecture?
    /// Where tensors go; nil takes the layout of the file's first network. The architecture's own comes first.
    public var layout: ParameterLayout?
    /// The data set that the networks were trained on, where known.
    public var dataset: ZooDataset?
    /// What is done with the checkpoints of a run.
    public var checkpoints = Checkpoints.trajectory
    /// Whether networks with numbers that are not finite are left out; otherwise they are an error.
    public var dropsNonFinite = false
    /// Names of tensors that are left out; `*` stands for anything.
    public var skipped: [String] = []
    /// How a vector without names holds a network.
    public var flatOrder = FlatOrder.layout
    /// Whether the accuracies among the facts are in percent.
    public var percent = false
    /// gzip's level 1 to 9, or nil.
    public var compression: Int?

    /// Networks of an architecture, of a layout, or of the layout that the file itself has.
    public init(architecture: Architecture? = nil, layout: ParameterLayout? = nil) {
        self.architecture = architecture
        self.layout = architecture?.layout ?? layout
    }

    /// What an import came to.
    public struct Report: Sendable, Hashable, Encodable {
        /// The source's format.
        public let format: String
        /// Networks in the zoo file.
        public internal(set) var networks = 0
        /// Checkpoints read.
        public internal(set) var checkpoints = 0
        /// Networks left out because a number was not finite.
        public internal(set) var dropped = 0
        /// Parameters of a network.
        public internal(set) var parameters = 0
        /// What a person should know: how tensors were matched, what was passed over.
        public internal(set) var notes: [String]
    }

    /// Reads all networks and writes the zoo file; `progress` hears how many checkpoints have been read, and may
    /// stop the import. Places are recorded from the folder of `root` on. Throws `DataError` and leaves nothing behind.
    public func write(
        _ source: any ZooSource, root: String, to path: String, progress: WorkProgress = .none
    ) throws -> Report {
        var sink = ImportSink(self, source: source, root: root, path: path)
        try source.forEach { network in
            try sink.take(network)
            try progress.report(sink.report.checkpoints, of: source.total)
        }
        return try sink.finish()
    }
}
