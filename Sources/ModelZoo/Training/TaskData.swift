import Networks

/// The data of a multi-task zoo's tasks: every data set loaded once, each task's part made where it is asked for.
package struct TaskData: Sendable {
    /// The tasks in the file's order.
    package let tasks: [ZooTask]
    private let loaded: [String: LoadedDataset]
    private let architecture: Architecture
    private let path: String

    /// Loads what the tasks name; throws `DataError` where it is not there, or is not the data of the zoo.
    package init(_ tasks: [ZooTask], catalog: DatasetCatalog, architecture: Architecture, path: String) throws {
        var loaded: [String: LoadedDataset] = [:]
        for task in tasks {
            let name = task.dataset.name
            let data = try loaded[name] ?? catalog.load(name, csv: task.dataset.csvOptions)
            try data.check(is: task.dataset)
            loaded[name] = data
        }
        self.tasks = tasks
        self.loaded = loaded
        self.architecture = architecture
        self.path = path
    }

    /// The names of the data sets, each once, in the order of the tasks.
    package var names: [String] {
        var seen: Set<String> = []
        return tasks.map(\.dataset.name).filter { seen.insert($0).inserted }
    }

    /// A task's samples, prepared, divided and labelled as its networks saw them; throws `.malformed` where they do not
    /// fit the data or the networks. Traps for a task that is not there.
    package func split(_ task: Int) throws -> DatasetSplit {
        guard let data = loaded[tasks[task].dataset.name] else {
            preconditionFailure("TaskData: no data of task \(task)")
        }
        let split = try data.split(tasks[task])
        try architecture.check(fits: split, path: path)
        return split
    }
}
