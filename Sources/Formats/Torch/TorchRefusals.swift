import Basics

/// Checkpoints that hold something else than a network's numbers, each named for what it is.
enum TorchRefusals {
    /// Throws `.malformed` where weights are quantised, or where the file is a data set of networks.
    static func check(_ file: TorchFile) throws {
        if let name = file.graph.calls.first(where: isQuantised)?.qualifiedName {
            throw DataError.quantised(name, at: file.path)
        }
    }

    private static func isQuantised(_ global: PickleGlobal) -> Bool {
        global.qualifiedName == "torch._utils._rebuild_qtensor"
            || ["torchao", "bitsandbytes", "quanto", "optimum", "hqq"].contains(global.module.prefix { $0 != "." })
    }

    /// A complaint about a checkpoint in which no network was found.
    static func withoutNetwork(_ file: TorchFile) -> DataError {
        if let name = dataSet(in: file.graph) {
            return DataError(
                .malformed, path: file.path, expected: "networks",
                found: "a data set of networks, an object of the class \(name.printable())",
                hint:
                    "import the zoo's own folder of runs (Ray Tune), or save the state dicts that it holds as a list: "
                    + "torch.save([...], \"zoo.pt\")")
        }
        let keys = (file.graph.entries(file.graph.root) ?? []).compactMap { file.graph.text($0.key) }
        let called = file.graph.calls.filter { !$0.isHarmless }.map(\.qualifiedName)
        let objects = called.isEmpty ? "" : " (objects of \(called.shownFirst(3)) are not looked into)"
        return DataError(
            .malformed, path: file.path, expected: "a checkpoint with tensors",
            found: (keys.isEmpty ? "none" : "none under \(keys.shownFirst(8))") + objects)
    }

    /// The class of a data set of networks, as the model zoos' `dataset.pt` holds: the file's own value, or one of a
    /// dictionary's (`trainset`, `valset`, `testset`).
    static func dataSet(in graph: PickleGraph) -> String? {
        let values = [graph.root] + (graph.entries(graph.root) ?? []).map(\.value) + (graph.elements(graph.root) ?? [])
        for value in values {
            guard case .object(let object) = graph[value] else { continue }
            let name = object.global.name.lowercased()
            if name.contains("dataset") || object.global.module.lowercased().contains("dataset") {
                return object.global.qualifiedName
            }
        }
        return nil
    }
}
