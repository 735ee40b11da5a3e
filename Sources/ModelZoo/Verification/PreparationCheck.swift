import Basics
import Networks
import Tensors

/// Whether the networks of a zoo do well on the data that it names, prepared as it says: what was assumed of the data is
/// wrong most often where they do not.
///
/// The first networks are judged on test rows. Where nothing confirms the preparation, the usual ones are tried on 500
/// training rows: test rows choose nothing.
public struct PreparationCheck: Sendable, Hashable, Encodable {
    /// A preparation with what the networks reach with it on training rows.
    public struct Trial: Sendable, Hashable, Encodable {
        /// How inputs come from raw values.
        public let preparation: String
        /// The description that says so; nil where the data set's own has more than fits on a line.
        public let description: String?
        /// The keys of a description that say so.
        public let keys: String
        /// Mean accuracy over the networks, a fraction.
        public let accuracy: Double
    }

    /// Name of the data set.
    public let name: String
    /// How inputs come from raw values, as the zoo records it.
    public let preparation: String
    /// Networks that were judged, the first ones of the zoo.
    public let networks: Int
    /// Rows that they were judged on.
    public let rows: Int
    /// Which rows these are, in words.
    public let rowsInWords: String
    /// Their accuracies: mean and deviation, fractions.
    public let accuracy, deviation: Double
    /// Accuracy of naming the commonest class alone.
    public let chance: Double
    /// Mean of the accuracies that are recorded for these networks, and the column.
    public let recorded: Double?
    /// The column of the recorded accuracies.
    public let recordedColumn: String?
    /// The accuracy that networks trained on this data usually reach at least.
    public let usual: Double?
    /// The preparation that fits best on training rows, where it is another one than the zoo's.
    public let fitting: Trial?
    /// Accuracy on those training rows with the zoo's own preparation, where others were tried.
    public let tried: Double?

    /// Whether the networks are more than 2 points below what is recorded of them.
    public let isBelow: Bool
    /// Whether they are more than 5 points above what is recorded of them on test rows.
    public let isAbove: Bool

    private enum CodingKeys: String, CodingKey {
        case name, preparation, networks, rows, accuracy, chance, recorded, usual, fitting, tried
        case rowsInWords = "rows_in_words"
        case deviation = "sd"
        case recordedColumn = "recorded_column"
        case isBelow = "is_below"
        case isAbove = "is_above"
    }

    /// Judges the first networks of a zoo; throws `DataError` where they cannot be run or the data is not there.
    public init(_ reader: ZooReader, catalog: DatasetCatalog) throws {
        guard let architecture = reader.header.architecture, let dataset = reader.header.dataset else {
            throw DataError(
                .malformed, path: reader.path,
                problem: "the accuracies of an import can be checked only with an architecture and a data set",
                hint: "give both, --architecture and --dataset")
        }
        let data = try PreparationData(dataset, outputs: architecture.outputs, catalog: catalog)
        let subject = try FirstNetworks(reader, architecture)
        let (judged, words) = try data.judged()
        try architecture.check(fits: judged, path: reader.path)
        let reached = subject.accuracies(judged)
        let record = try subject.record(reached, data)
        (name, networks, rows, rowsInWords) = (dataset.name, subject.count, judged.count, words)
        preparation = dataset.preparation.inWords
        let spread = Self.spread(reached)
        (accuracy, deviation) = spread
        chance = Self.commonest(judged.labels)
        (recorded, recordedColumn) = (record?.accuracy, record?.column)
        usual = catalog.usualAccuracy(of: dataset.name)
        let isConfirmed = record.map { abs($0.reached - $0.accuracy) <= Self.tolerance } ?? false
        let isBelow = record.map { $0.accuracy - $0.reached > Self.tolerance } ?? false
        self.isBelow = isBelow
        isAbove = record.map { $0.isOfTest && $0.reached - $0.accuracy > 0.05 } ?? false
        guard !isConfirmed, architecture.takesNumbers, let rows = data.trialRows else {
            (fitting, tried) = (nil, nil)
            return
        }
        let trials = try PreparationTrials(data, rows: rows, subject: subject)
        (fitting, tried) = (trials.better, trials.own)
    }

    /// Recorded and reached accuracies may differ by this, a fraction.
    static let tolerance = 0.02

    private static func spread(_ values: [Double]) -> (mean: Double, deviation: Double) {
        let mean = values.reduce(0, +) / Double(max(values.count, 1))
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (mean, values.count > 1 ? (squares / Double(values.count - 1)).squareRoot() : 0)
    }

    /// The share of the commonest class.
    fileprivate static func commonest(_ labels: [Int32]) -> Double {
        var counts: [Int32: Int] = [:]
        for label in labels { counts[label, default: 0] += 1 }
        return Double(counts.values.max() ?? 0) / Double(max(labels.count, 1))
    }
}

extension PreparationCheck: CustomStringConvertible {
    /// What was assumed, and how right the first networks are.
    public var description: String {
        let spread = networks > 1 ? " ± \(NumberText.percent(deviation))" : ""
        return "\(name.printable()): inputs were taken as \(preparation); the first "
            + (networks == 1 ? "network is" : "\(networks) networks are")
            + " right for \(NumberText.percent(accuracy))\(spread) % of \(rowsInWords)"
            + (recorded == nil
                ? "; compare that with what you measured: where you measured more, the inputs were prepared in another way "
                    + "than --dataset says, or activation, pooling, the place of norms or skip connections are not as in "
                    + "--architecture" : "")
    }

    /// What looks wrong, in sentences; none where the networks do as well as expected.
    public var warnings: [String] {
        var warnings: [String] = []
        if let recorded, isBelow {
            warnings.append(
                "the networks reach \(NumberText.percent(accuracy)) % on \(name.printable()), where \(recordedColumn ?? "") "
                    + "records \(NumberText.percent(recorded)) %: \(advice)")
        } else if let recorded, isAbove {
            warnings.append(
                "the networks reach \(NumberText.percent(accuracy)) % on \(name.printable()), where \(recordedColumn ?? "") "
                    + "records \(NumberText.percent(recorded)) %: is the record of these networks and of these rows?")
        } else if recorded == nil, accuracy <= chance + 3 * (chance * (1 - chance) / Double(max(rows, 1))).squareRoot()
        {
            warnings.append(
                "the networks reach \(NumberText.percent(accuracy)) % on \(name.printable()), which \(rows) rows do not "
                    + "tell from always naming the commonest class (\(NumberText.percent(chance)) %): \(advice)")
        } else if recorded == nil, let usual, accuracy < usual {
            warnings.append(
                "the networks reach \(NumberText.percent(accuracy)) % on \(name.printable()), where trained ones usually reach "
                    + "\(NumberText.percent(usual, digits: 0)) % and more: \(advice)")
        } else if fitting != nil {
            warnings.append("the networks of \(name.printable()) may have been trained on other inputs: \(advice)")
        }
        return warnings
    }

    /// What to do.
    private var advice: String {
        guard let tried else {
            return
                "is the data prepared as in their training, and are the classes in the same order? `zoo import "
                + "--dataset` takes a description of both"
        }
        guard let fitting else {
            return
                "none of the usual preparations explains it, so look at the architecture (activation, pooling, order of "
                + "flattening) and at the order of classes"
        }
        let found =
            "\(fitting.preparation) fits better (\(NumberText.percent(fitting.accuracy)) % against "
            + "\(NumberText.percent(tried)) % on training rows); import again with "
        return found
            + (fitting.description.map { "--dataset '\($0)'" }
                ?? "\(fitting.keys) in the description of --dataset, in place of its preparation (scale, shift, mean, std, "
                + "standardize)")
    }
}

/// The data of a check: rows to judge on and rows to try preparations on.
struct PreparationData {
    let dataset: ZooDataset
    let loaded: LoadedDataset
    private let catalog: DatasetCatalog
    private static let mostJudged = 2000
    private static let mostTried = 500

    init(_ dataset: ZooDataset, outputs: Int, catalog: DatasetCatalog) throws {
        (self.dataset, self.catalog) = (dataset, catalog)
        let loaded = try catalog.load(dataset.name, csv: dataset.csvOptions)
        try loaded.check(is: dataset)
        self.loaded = try loaded.arranged(as: dataset, outputs: outputs)
    }

    /// At most 2,000 rows to judge on, and which ones they are.
    func judged() throws -> (data: Dataset, words: String) {
        let (rows, part): ([Int], String) =
            switch dataset.split {
            case .indices(_, _, let test) where !test.isEmpty: (test, "test rows")
            case .indices(let train, let validation, _): (train + validation, "rows")
            case .official, nil:
                loaded.officialTrainCount.map { (Array($0..<loaded.count), "test rows") }
                    ?? (Array(0..<loaded.count), "rows, some of which they may have learnt from")
            }
        let thinned = Self.thinned(rows, to: Self.mostJudged)
        let words = thinned.count < rows.count ? "\(thinned.count) of \(rows.count) \(part)" : "\(rows.count) \(part)"
        return (try loaded.prepared(rows: thinned, dataset.preparation), words)
    }

    /// The share of the commonest class among rows.
    func commonest(_ rows: [Int]) -> Double { PreparationCheck.commonest(rows.map { loaded.labels[$0] }) }

    /// All rows for training; nil where a division has none.
    var trainingRows: [Int]? {
        guard case .indices(let train, _, _) = dataset.split else { return loaded.trainingRows }
        return train.isEmpty ? nil : train
    }

    /// At most 500 training rows to try preparations on.
    var trialRows: [Int]? { trainingRows.map { Self.thinned($0, to: Self.mostTried) } }

    /// Spread evenly: rows are often sorted by class.
    private static func thinned(_ rows: [Int], to most: Int) -> [Int] {
        guard rows.count > most else { return rows }
        return (0..<most).map { rows[$0 * rows.count / most] }
    }
}

/// The first networks of a zoo, in memory.
struct FirstNetworks {
    let count: Int
    private let weights: Tensor
    private let buffers: Tensor?
    private let classifier: Classifier
    private let columns: ZooColumns

    /// Reads at most ten, fewer large ones; throws `DataError` where they need buffers and have none.
    init(_ reader: ZooReader, _ architecture: Architecture) throws {
        let most = min(10, max(1, 2_000_000 / max(1, reader.header.layout.count)))
        count = min(most, reader.count)
        let zoo = try reader.read(rows: 0..<count)
        guard zoo.layout.bufferCount == 0 || zoo.buffers != nil else {
            throw DataError(
                .malformed, path: reader.path,
                expected: "/buffers, the running statistics that the networks compute with",
                found: "none")
        }
        (weights, buffers, columns) = (zoo.population(), zoo.bufferTensor(), zoo.columns)
        classifier = Classifier(architecture.network)
    }

    func accuracies(_ data: Dataset) -> [Double] {
        classifier.accuracies(weights, buffers: buffers, inputs: data.tensor, labels: data.labels)
    }

    /// The mean of recorded accuracies, of test rows where they are, and what the networks reach on rows of that part.
    func record(
        _ reached: [Double], _ data: PreparationData
    ) throws -> (column: String, accuracy: Double, reached: Double, isOfTest: Bool)? {
        let named = columns.names.compactMap { name in AccuracyName(name).map { (name: name, part: $0.part) } }
        let order: [AccuracyName.Part?] = [.test, .validation, nil, .training]
        for part in order {
            for column in named where column.part == part {
                guard let values = columns.numbers(column.name), values.contains(where: { !$0.isNaN }) else { continue }
                let known = values.indices.filter { !values[$0].isNaN }
                func mean(_ all: [Double]) -> Double { known.reduce(0) { $0 + all[$1] } / Double(known.count) }
                var own = reached
                if part == .training, let rows = data.trialRows {
                    own = accuracies(try data.loaded.prepared(rows: rows, data.dataset.preparation))
                }
                return (column.name, mean(values), mean(own), part == .test)
            }
        }
        return nil
    }
}

extension Architecture {
    /// Whether inputs are numbers and not tokens.
    fileprivate var takesNumbers: Bool { if case .tokens = input { false } else { true } }
}
