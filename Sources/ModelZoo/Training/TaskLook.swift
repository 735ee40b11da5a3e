import Tensors

/// How a task makes its images of a data set's.
struct TaskLook {
    /// How all are looked at; plain where each class has a view of its own.
    var common = ImageView.plain
    /// How those of each class are looked at, in the order of the outputs; nil where all are alike.
    var views: [ImageView]?

    /// The views by the names of the classes.
    func views(of names: [String]) -> [String: ImageView]? {
        views.map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
    }

    /// `3-8-1, turned 90` or `3 turned 90-8-1 mirrored`.
    func named(_ names: [String]) -> String {
        func words(_ view: ImageView, after: String) -> String { view == .plain ? "" : after + view.inWords }
        let classes = names.enumerated().map { place, name in name + (views.map { words($0[place], after: " ") } ?? "")
        }
        return classes.joined(separator: "-") + words(common, after: ", ")
    }
}

extension TaskLook {
    /// A view for each class of a training task, drawn by its `key`; two tasks may come to have the same.
    init(mixing views: [ImageView], classes: Int, seed: UInt64, key: Int) {
        var stream = RandomStream(seed: seed, purpose: "zoo.task.views", index: UInt64(key))
        self.views = (0..<classes).map { _ in views[stream.integer(below: views.count)] }
    }
}
