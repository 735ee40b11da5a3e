import Networks

/// What a zoo file says of all its networks: the attributes of its root.
public struct ZooHeader: Hashable, Sendable {
    /// The value of the attribute `format`.
    public static let format = "weightspace-zoo"
    /// The value of the attribute `version`.
    public static let version = 1
    /// What `createdWith` says of files written by this library.
    public static let creator = "weightspace 1"

    /// The networks' family, where it is one that we know.
    public let architecture: Architecture?
    /// Where every tensor lies in a row of weights (D) and of buffers (Bf).
    public let layout: ParameterLayout
    /// The data set the networks were trained on, where known.
    public let dataset: ZooDataset?
    /// The attribute `tasks` of a multi-task zoo, kept as JSON text.
    public let tasks: String?
    /// The program that made the file; never a date.
    public let createdWith: String

    /// Describes a zoo of a known architecture.
    public init(
        architecture: Architecture, dataset: ZooDataset? = nil, tasks: String? = nil,
        createdWith: String = ZooHeader.creator
    ) {
        self.init(
            checked: architecture, layout: architecture.layout, dataset: dataset, tasks: tasks,
            createdWith: createdWith)
    }

    /// Describes a zoo of which only the layout is known.
    public init(
        layout: ParameterLayout, dataset: ZooDataset? = nil, tasks: String? = nil,
        createdWith: String = ZooHeader.creator
    ) {
        self.init(checked: nil, layout: layout, dataset: dataset, tasks: tasks, createdWith: createdWith)
    }

    init(
        checked architecture: Architecture?, layout: ParameterLayout, dataset: ZooDataset?, tasks: String?,
        createdWith: String
    ) {
        self.architecture = architecture
        self.layout = layout
        self.dataset = dataset
        self.tasks = tasks
        self.createdWith = createdWith
    }
}
