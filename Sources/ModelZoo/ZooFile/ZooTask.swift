import Basics
import Foundation

/// One task of a multi-task zoo: some classes of a data set, told apart. The attribute `tasks` lists them as JSON; the
/// column `task` holds each network's index in that list.
public struct ZooTask: Codable, Hashable, Sendable {
    /// What the task is called, `mnist 3-8`.
    public let name: String
    /// The data, with the task's own rows.
    public let dataset: ZooDataset
    /// The network's output for each class of the data set that takes part, by the class's name.
    public let classes: [String: Int]
    /// How the images are looked at; nil for as they are.
    public let view: ImageView?
    /// How the images of single classes are looked at in place of `view`, by the class's name; nil where all are alike.
    public let views: [String: ImageView]?
    /// What the task is for; nil in files that do not say it.
    public let part: Purpose?

    /// What a task of a zoo is for. All tasks are divided before anything is trained.
    public enum Purpose: String, Codable, Sendable, CaseIterable {
        /// Generators learn from its networks.
        case training
        /// It chooses settings.
        case validation
        /// New: seen classes, never seen together.
        case newCombination = "new-combination"
        /// New: classes that no training task has.
        case newClasses = "new-classes"

        /// Whether nothing was learned or chosen from it.
        public var isNew: Bool { self == .newCombination || self == .newClasses }

        /// The part of all its networks; nil where each has its own.
        var split: ZooSplit? {
            switch self {
            case .training: nil
            case .validation: .validation
            case .newCombination, .newClasses: .test
            }
        }
    }

    /// A task with its name, its rows, and the output of each class by its name.
    public init(
        name: String, dataset: ZooDataset, classes: [String: Int], view: ImageView = .plain,
        views: [String: ImageView]? = nil, part: Purpose? = nil
    ) {
        self.name = name
        self.dataset = dataset
        self.classes = classes
        self.view = view == .plain ? nil : view
        self.views = views
        self.part = part
    }

    /// How many there are of each kind, and of which data sets: `90 of mnist: 81 training, 9 new-combination`.
    static func summary(_ tasks: [ZooTask]) -> String {
        var names: [String] = []
        for task in tasks where !names.contains(task.dataset.name) { names.append(task.dataset.name) }
        let kinds = Purpose.allCases.compactMap { kind -> String? in
            let count = tasks.count { $0.part == kind }
            return count == 0 ? nil : "\(count) \(kind.rawValue)"
        }
        let all = "\(tasks.count) of \(names.map { $0.printable() }.joined(separator: ", "))"
        return kinds.isEmpty ? all : "\(all): \(kinds.joined(separator: ", "))"
    }

    /// The same of an attribute `tasks`; other programs may write something else there, which is said.
    static func summary(ofAttribute text: String) -> String {
        (try? list(text, path: "")).map(summary) ?? "recorded in a form that is not ours"
    }

    /// The tasks that an attribute `tasks` lists; throws `.malformed` where it is something else.
    public static func list(_ text: String, path: String) throws -> [ZooTask] {
        do {
            return try JSONDecoder().decode([ZooTask].self, from: Data(text.utf8))
        } catch {
            throw DataError(
                .malformed, path: "\(path): attribute tasks", expected: "a list of {name, dataset, classes}",
                found: "other JSON")
        }
    }
}
