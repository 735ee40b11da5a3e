import Basics

/// The kinds of files and folders that populations come in; the raw value is the name on the command line.
public enum ZooFormat: String, Sendable, Hashable, CaseIterable {
    /// Our own zoo file.
    case zoo
    /// Our own view of a sharded zoo for other programs, which is written and not read.
    case virtualHDF5 = "virtual-hdf5"
    /// HDF5 with one matrix (n, p), one network a row.
    case flatHDF5 = "flat-hdf5"
    /// Keras' HDF5 files, one network each.
    case keras
    /// A Ray Tune directory: runs with `params.json`, `result.json` and checkpoints.
    case rayTune = "ray-tune"
    /// PyTorch's checkpoints, zip or legacy.
    case torch
    /// safetensors, one network a file.
    case safetensors
    /// One NumPy array (n, p), one network a row.
    case npy
    /// A ZIP file of NumPy arrays: one network, or a matrix of networks.
    case npz
    /// A folder of files of the kinds above.
    case folder
}

/// A source of networks that is read one at a time, in a fixed order.
public protocol ForeignSource: Sendable {
    /// What kind of file or folder it is.
    var format: ZooFormat { get }
    /// How many networks or checkpoints there are, where that is known before they are read.
    var total: Int? { get }
    /// The most checkpoints that one run has; 1 where networks stand alone.
    var longestRun: Int { get }
    /// What a person should know of how it is read: files that were passed over, and why.
    var notes: [String] { get }

    /// Calls `body` with every network, or every checkpoint of every run: those of one run follow each other, in the
    /// order of training. Throws `DataError` where the source cannot be read, and what `body` throws.
    func forEach(_ body: (ForeignNetwork) throws -> Void) throws
}

extension ForeignSource {
    /// Not known, unless a source says how many networks it has.
    public var total: Int? { nil }
    /// Every network stands alone, unless a source has runs.
    public var longestRun: Int { 1 }
    /// Nothing to be said.
    public var notes: [String] { [] }
}

/// One network, or one checkpoint of a run: named tensors in file order, and facts.
public struct ForeignNetwork: Sendable, Hashable {
    /// Tensors, in the order of the file.
    public var tensors: [ForeignTensor]
    /// Whether that order may be the layers'; some formats sort tensors by type and name, and their order says nothing.
    public var isOrdered: Bool
    /// Whether the tensors' names are those of a class that may want them back; some formats have none, or others.
    public var hasOwnNames = true
    /// Names of tensors that its file has elsewhere, of which it is not known whether they are of this network.
    public var beside: [String] = []
    /// What is known beside the weights: `seed`, `epoch`, `test_accuracy` (a fraction), ...
    public var facts: [String: ColumnValue]
    /// How facts that are numbers are written in the source, where we would write them otherwise (`0012`, `1e3`).
    public var spellings: [String: String] = [:]
    /// The run that this is a checkpoint of; nil for a network of its own.
    public var run: String?
    /// The checkpoint's place in its run (epochs or steps; 0 is the initialisation).
    public var step: Int?
    /// Where it stands, for messages: a path, or a path and a row.
    public var place: String
    /// The record of the data that it was trained on, JSON as a zoo has it, where its file carries one.
    var dataset: String?
    /// Slots of a zoo's layout by the names of tensors, where its file was exported from one.
    var slots: [String: String] = [:]
    /// What its file says of the computation, besides the weights.
    var stated: StatedLayers?
    /// What a person should know of how it was read; each sentence is told once an import.
    public var notes: [String] = []

    /// Collects a network's tensors and facts.
    public init(
        tensors: [ForeignTensor], isOrdered: Bool = true, facts: [String: ColumnValue] = [:], run: String? = nil,
        step: Int? = nil, place: String = ""
    ) {
        self.tensors = tensors
        self.isOrdered = isOrdered
        self.facts = facts
        self.run = run
        self.step = step
        self.place = place
    }
}

extension ForeignSource {
    /// The network of a source that has one; throws `.malformed` where it has none or several.
    func onlyNetwork(at place: String) throws -> ForeignNetwork {
        var only: ForeignNetwork?
        try forEach { network in
            guard only == nil else {
                throw DataError(.malformed, path: place, expected: "one network", found: "several")
            }
            only = network
        }
        guard let only else { throw DataError(.malformed, path: place, expected: "one network", found: "none") }
        return only
    }
}
