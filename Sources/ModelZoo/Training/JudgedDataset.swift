import Basics
import Networks

/// The data on which the networks of a zoo are judged: which rows, prepared by whose account.
public struct JudgedDataset: Sendable {
    /// Who said how raw values become inputs.
    public enum Origin: String, Sendable, Codable {
        /// The zoo's own record.
        case zoo
        /// The description that was given.
        case given
        /// Nobody: what is usual for the data.
        case usual
    }

    /// The data as the zoo's file would record it.
    public let dataset: ZooDataset
    /// Who said how it is prepared.
    public let origin: Origin
    /// Which rows are judged on.
    public let rows: Rows
    /// What is doubtful about judging on it, if anything.
    public let doubt: String?
    /// How a table was read: which column is the class.
    public let columnsNote: String?
    /// Whether the description that was given says what stands for missing values.
    var fillingIsGiven = false
    /// Whether networks may have been trained on the rows that they are judged on, for all that is known.
    public let mayBeSeen: Bool

    /// Which rows are judged on.
    public enum Rows: String, Sendable, Codable {
        /// All of a file or data set that was named.
        case all
        /// The test rows that the zoo records.
        case recorded
        /// The official test part.
        case official
        /// The test rows of a description.
        case given
        /// Rows drawn here, since nobody recorded a division.
        case drawn

        /// The same in words, for so many rows.
        public func inWords(_ count: Int) -> String {
            let rows = count == 1 ? "row" : "rows"
            return switch self {
            case .all: count == 1 ? "its only row" : "all \(count) rows"
            case .recorded: "the \(count) test \(rows) that the zoo records"
            case .official: "the \(count) \(rows) of the official test part"
            case .given: "the \(count) test \(rows) that \(count == 1 ? "was" : "were") given"
            case .drawn: "\(count) \(rows) drawn here"
            }
        }
    }
}

extension JudgedDataset {
    /// The zoo's own data, as its file records it, for networks of so many outputs.
    public init(recorded: ZooDataset, outputs: Int? = nil, catalog: DatasetCatalog) throws {
        let loaded = try catalog.load(recorded.name, csv: recorded.csvOptions)
        columnsNote = DatasetCatalog.isFile(recorded.name) ? loaded.columnsNote : nil
        let seen = recorded.doubt(of: loaded)
        let classes = try outputs.flatMap { try loaded.arranged(as: recorded, outputs: $0).classesDoubt(outputs: $0) }
        let doubts = [seen, classes].compactMap { $0 }
        (dataset, origin, doubt) = (recorded, .zoo, doubts.isEmpty ? nil : doubts.joined(separator: "; "))
        mayBeSeen = seen != nil
        rows =
            switch recorded.split {
            case .indices: .recorded
            case .official: .official
            case nil: mayBeSeen ? .drawn : .official
            }
    }

    /// What is to be said of the preparation.
    public var preparationInWords: String {
        if fillingIsGiven, origin == .zoo, let missing = dataset.preparation.missing {
            let plain = Preparation(scale: dataset.preparation.scale, shift: dataset.preparation.shift)
            return "\(plain.inWords), as the zoo records\(missing.inWords), as given"
        }
        let formula = dataset.preparation.inWords
        return switch origin {
        case .zoo: "\(formula), as the zoo records"
        case .given: "\(formula), as given"
        case .usual: "\(formula), as usual: the zoo records nothing"
        }
    }
}

extension DatasetDescription {
    /// The data on which the networks of a zoo are judged where somebody names other data than the zoo's: with the zoo's
    /// own preparation and order of classes, unless the description has others, and on all rows of a file; the zoo's
    /// own data, by name or digest, keeps the zoo's division.
    ///
    /// Throws `DataError` where the data is not there, does not fit, or has a class that the networks do not tell apart.
    public func judged(by header: ZooHeader, catalog: DatasetCatalog) throws -> JudgedDataset {
        let own = header.dataset
        if let own, isName, own.name == name {
            return try JudgedDataset(recorded: own, outputs: header.architecture?.outputs, catalog: catalog)
        }
        // Where the description does not say it, the class is in the column of the name that the zoo records.
        let loaded = try load(
            from: catalog, preferring: own?.label, allowsMissing: missing != nil || own?.missing != nil)
        let isOwn = own.map { $0.sha256 == loaded.sha256 || ($0.sha256 == nil && $0.name == name) } ?? false
        var doubts: [String] = []
        let arranged = try own?.features.map { try loaded.arranged(features: $0) } ?? loaded
        if let note = featuresDoubt(arranged, own) { doubts.append(note) }
        try checkFeatures(arranged, header)
        if !isOwn, !saysPreparation, let own, let note = try rangeDoubt(arranged, own, catalog) { doubts.append(note) }
        let (rows, split) = try division(of: loaded, own: isOwn ? own : nil)
        let training = split.trainingRows(in: loaded)
        let preparation = try preparation(of: arranged, training: training, recorded: own)
        let names = outputs(header, catalog)
        let ordered = try ordered(arranged, names, outputs: header.architecture?.outputs, &doubts)
        let seen = own == nil && rows == .all
        if own == nil { doubts.append(Self.unrecorded(seen: seen)) }
        let recorded = ZooDataset(
            name: loaded.name, sha256: loaded.sha256, scale: preparation.scale.values,
            shift: preparation.shift.values, missing: preparation.missing?.values, split: split,
            classes: ordered.classNames == loaded.classNames ? ordered.namedClasses : ordered.classNames,
            label: loaded.columns?.label,
            features: own?.features ?? (loaded.columns?.features).flatMap { $0.isEmpty ? nil : $0 })
        var judged = JudgedDataset(
            dataset: recorded, origin: saysPreparation ? .given : own == nil ? .usual : .zoo, rows: rows,
            doubt: doubts.isEmpty ? nil : doubts.joined(separator: "; "),
            columnsNote: loaded.columnsNote.map { $0 + loaded.leftOut(in: arranged) },
            mayBeSeen: seen)
        judged.fillingIsGiven = missing != nil
        return judged
    }

    private static func unrecorded(seen: Bool) -> String {
        "the file does not record what its networks were trained on"
            + (seen
                ? ": they may have seen these rows, and their inputs may have been prepared in another way"
                : ": their inputs may have been prepared in another way")
            + "; `zoo import --dataset` records what they were trained on"
    }

    private func featuresDoubt(_ loaded: LoadedDataset, _ own: ZooDataset?) -> String? {
        guard let names = own?.features, let other = loaded.columns?.features, !other.isEmpty, names != other else {
            return nil
        }
        func shown(_ names: [String]) -> String {
            names.prefix(3).map { $0.printable(limit: 30) }.joined(separator: ", ") + (names.count > 3 ? ", ..." : "")
        }
        return "the columns of \(name) (\(shown(other))) are not named as those that the zoo records "
            + "(\(shown(names))): they were taken in their order"
    }

    private func checkFeatures(_ loaded: LoadedDataset, _ header: ZooHeader) throws {
        guard let inputs = header.architecture?.input.count, inputs != loaded.featureCount else { return }
        let what = loaded.columnsNote.map { " (\($0))" } ?? ""
        throw DataError(
            .malformed, path: "dataset \(name)", expected: "\(inputs) features, as the networks take",
            found: "\(loaded.featureCount)\(what)", hint: loaded.columns == nil ? "" : CSVOptions.labelHint)
    }

    /// Which rows are judged on, and the division to record.
    private func division(
        of loaded: LoadedDataset, own: ZooDataset?
    ) throws -> (rows: JudgedDataset.Rows, split: ZooDataset.Split) {
        if let given = try indices(in: loaded) {
            return (given.recorded == .official ? .official : .given, given.recorded)
        }
        if let split = own?.split { return (split == .official ? .official : .recorded, split) }
        if loaded.officialTrainCount != nil { return (.official, .official) }
        return (.all, .indices(train: [], validation: [], test: Array(0..<loaded.count)))
    }

    /// The names of the networks' outputs, where the zoo records them or its own data is at hand.
    private func outputs(_ header: ZooHeader, _ catalog: DatasetCatalog) -> [String]? {
        if let classes = classes ?? header.dataset?.classes { return classes }
        guard let own = header.dataset else { return nil }
        let outputs = header.architecture?.outputs
        if let names = try? catalog.load(own.name, csv: own.csvOptions).numbered(outputs: outputs).classNames {
            return names
        }
        // A record without names says 0, 1, 2, ...; one of an earlier version says nothing of a table's classes.
        guard own.label != nil || catalog.names.contains(own.name) else { return nil }
        return header.architecture.map { (0..<$0.outputs).map(String.init) }
    }

    /// The classes in the order of the outputs; where nobody says it, whole numbers are outputs, and words are in their
    /// own order, which is then doubtful.
    private func ordered(
        _ loaded: LoadedDataset, _ names: [String]?, outputs: Int?, _ doubts: inout [String]
    ) throws -> LoadedDataset {
        if let names { return try loaded.ordered(names) }
        let numbers = loaded.classNames.map { Double($0).flatMap { Int(exactly: $0) } }
        if let outputs, numbers.allSatisfy({ $0.map { (0..<outputs).contains($0) } ?? false }) {
            return try loaded.ordered((0..<max(1, (numbers.compactMap { $0 }.max() ?? 0) + 1)).map(String.init))
        }
        let shown = loaded.classNames.prefix(6).map { $0.printable(limit: 30) }.joined(separator: ", ")
        doubts.append(
            "the zoo does not record the order of its classes: they were taken as \(shown)"
                + (loaded.classNames.count > 6 ? ", ..." : ""))
        return loaded
    }
}

extension ZooDataset.Split {
    /// The rows for training; none where they are all for testing.
    fileprivate func trainingRows(in loaded: LoadedDataset) -> [Int] {
        switch self {
        case .official: loaded.trainingRows
        case .indices(let train, _, _): train
        }
    }
}
