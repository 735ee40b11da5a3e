import Basics

/// Classes of data and outputs of networks: which output stands for which class.
extension LoadedDataset {
    /// Whether the classes are 0, 1, 2, ... without a gap.
    private var areCounted: Bool { classNames.indices.allSatisfy { Self.number(classNames[$0]) == $0 } }

    private static func number(_ name: String) -> Int? { Double(name).flatMap { Int(exactly: $0) } }

    /// The same rows with the classes 0, 1, 2, ... of the outputs where all classes are numbers of outputs: rows that lack
    /// a class do not move those above it. Otherwise as they are.
    func numbered(outputs: Int?) throws -> LoadedDataset {
        guard let outputs, classCount < outputs, !areCounted else { return self }
        let areOutputs = classNames.allSatisfy { name in
            Self.number(name).map { (0..<outputs).contains($0) } ?? false
        }
        return areOutputs ? try ordered((0..<outputs).map(String.init)) : self
    }

    /// Throws `.malformed` where there are fewer classes than outputs and nothing says which output is which class.
    func refuseFewClasses(outputs: Int) throws {
        guard classCount < outputs, !areCounted else { return }
        throw DataError(
            .malformed, path: "dataset \(name)",
            problem: "its rows have \(classCount) classes (\(shownClasses)) and the networks \(outputs) outputs, so "
                + "which output is which class is open",
            hint: "name the classes in the order of the outputs: \"classes\":[...] in a description of the data")
    }

    /// What is doubtful where a file does not say which of more outputs are its classes, or nil.
    func classesDoubt(outputs: Int) -> String? {
        guard classCount < outputs, !areCounted else { return nil }
        return
            "the rows of \(name) have \(classCount) classes and the networks \(outputs) outputs: the first ones were "
            + "taken to be \(shownClasses); `classes` in the attribute `dataset` names them in the order of the outputs"
    }

    /// The first few classes, for messages.
    private var shownClasses: String {
        classNames.prefix(6).map { $0.printable(limit: 30) }.joined(separator: ", ") + (classCount > 6 ? ", ..." : "")
    }
}
