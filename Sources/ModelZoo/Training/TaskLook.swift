import Tensors

/// How a task makes its images of a data set's.
struct TaskLook {
    /// How all are looked at; plain where each class has a view of its own.
    var common = ImageView.plain
    /// How those of each class are looked at, in the order of the outputs; nil where all are alike.
    var views: [ImageView]?
    /// What each class is blended with, in the order of the outputs; nil where none is.
    var blends: [ZooTask.Blend]?

    /// The views by the names of the classes.
    func views(of names: [String]) -> [String: ImageView]? {
        views.map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
    }

    /// The blends by the names of the classes.
    func blends(of names: [String]) -> [String: ZooTask.Blend]? {
        blends.map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
    }

    /// `3-8-1, turned 90`, `3 turned 90-8-1 mirrored`, or `3 turned 90 with 31% 5-8 with 7% 0 mirrored`.
    func named(_ names: [String]) -> String {
        func words(_ view: ImageView, after: String) -> String { view == .plain ? "" : after + view.inWords }
        let classes = names.enumerated().map { place, name in
            let own = name + (views.map { words($0[place], after: " ") } ?? "")
            guard let blend = blends?[place] else { return own }
            let view = views == nil ? "" : words(blend.view, after: " ")
            return "\(own) with \(Int((100 * blend.share).rounded()))% \(blend.partner)\(view)"
        }
        return classes.joined(separator: "-") + words(common, after: ", ")
    }
}

extension TaskLook {
    /// The same where more is drawn for a training task, by its `key`: with `tasks.mixed` a view for each class, with
    /// `tasks.blended` another class that shows through, of a share of 0.01 to 0.5. Two tasks may come to have the same.
    ///
    /// - others: names of the seen classes that the task has not; traps without any where classes are blended.
    func varied(_ tasks: ZooRecipe.Tasks, classes: Int, others: [String], key: Int) -> TaskLook {
        let views = tasks.views
        func drawn<Value>(_ purpose: String, _ next: (inout RandomStream) -> Value) -> [Value] {
            var stream = RandomStream(seed: UInt64(tasks.seed), purpose: purpose, index: UInt64(key))
            return (0..<classes).map { _ in next(&stream) }
        }
        var varied = self
        if tasks.mixed {
            varied.common = .plain
            varied.views = drawn("zoo.task.views") { views[$0.integer(below: views.count)] }
        }
        if tasks.blended {
            varied.blends = drawn("zoo.task.blends") { stream in
                let partner = others[stream.integer(below: others.count)]
                let view = views[stream.integer(below: views.count)]
                let share = Double(1 + stream.integer(below: 50)) / 100
                return ZooTask.Blend(partner: partner, view: tasks.mixed ? view : common, share: share)
            }
        }
        return varied
    }
}
