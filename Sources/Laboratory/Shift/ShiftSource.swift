import Basics
import Foundation
import ModelZoo
import ShiftDetection
import Tensors

/// What a detector is made of, read from the files of T and P.
struct ShiftSource {
    /// What was said; the label's column is found out while reading.
    var settings: DetectorSettings
    /// The columns of the model's probabilities.
    let predictions: [String]
    /// Their classes, where a person says so.
    let classes: [String]
    /// A model whose weights are known, in place of such columns.
    var model: ModelFile?

    /// The parts of a detector.
    struct Parts {
        let encoding: TableEncoding
        let classes: ModelClasses
        let training: DetectorRows?
        let reference: DetectorRows
        let network: DetectorNetwork?
        let notes: [String]
        /// Where T comes from, for messages.
        let trainingPath: String

        /// What networks learn on T: its labels or, where the model's outputs are known, what the model says; nil without T.
        func learning() throws -> LabelledRows? {
            guard let training else { return nil }
            let said = training.probabilities?.argmax()
            var labels: [Int32] = []
            for row in 0..<training.count {
                guard let label = said?[row] ?? training.labels?[row] else {
                    throw DataError(
                        .malformed, path: "\(trainingPath), row \(row + 1)", problem: "has no label",
                        hint: "every row of --train needs one; leave the row out")
                }
                labels.append(label)
            }
            guard Set(labels).count > 1 else {
                throw DataError(
                    .malformed, path: trainingPath, problem: "all rows are of one class",
                    hint: "nothing can be learnt from them")
            }
            return LabelledRows(
                features: try encodingOfTraining(training), labels: labels, classes: classes.names.count)
        }

        private func encodingOfTraining(_ training: DetectorRows) throws -> Tensor {
            try encoding.features(training.raw, path: trainingPath)
        }
    }

    private var tables: ShiftTables {
        ShiftTables(
            label: settings.label, predictions: predictions, ignored: settings.ignored, missing: settings.missing)
    }

    /// Whether columns with one value alone are kept, as a model whose weights are known takes them.
    private var keepsConstants: Bool { model != nil }

    /// Reads both files. Throws `DataError`.
    mutating func read(reference: String, training: String?) throws -> Parts {
        guard !predictions.isEmpty || model != nil || (training != nil && settings.label != nil) else {
            throw DataError(
                .configuration, path: "shift fit", problem: "no model is known",
                hint: "name the columns of its probabilities with --predictions, or its file with --model, or give the "
                    + "rows to train one on with --train and their class with --label")
        }
        var tables = tables
        let known = try training.map { try tables.read($0) }
        if let known {
            // Kinds are those of T: a column of P in which a word stands is then a mistake that has a line.
            let encoding = try TableEncoding(
                fitting: known, except: tables.others, impute: settings.impute, keepsConstants: keepsConstants,
                path: training ?? "")
            tables.kinds = encoding.kinds
        }
        let table = try tables.read(reference)
        try tables.check(columnsOf: [known, table].compactMap { $0 })
        try check(table, known, reference, training)
        let encoding = try TableEncoding(
            fitting: known ?? table, except: tables.others, impute: settings.impute,
            keepsConstants: keepsConstants, path: training ?? reference)
        if known != nil, encoding.columns.isEmpty {
            throw DataError(
                .malformed, path: training ?? "", problem: "has no column to learn from",
                hint: "leave --train out where only the model's answers are known")
        }
        let found = try model?.read(columns: encoding.columns.map(\.name))
        let classes = try modelClasses(tables, [known, table].compactMap { $0 }, found)
        var notes = ColumnDoubts(known ?? table, encoding, path: training ?? reference).notes
        let trained = try known.map { try rows($0, training ?? "", tables, encoding, classes, found?.network, &notes) }
        let held = try rows(table, reference, tables, encoding, classes, found?.network, &notes)
        if let trained {
            try compareClasses(trained, held, classes, reference)
            try compare(trained, held, reference, &notes)
        }
        return Parts(
            encoding: encoding, classes: classes, training: trained, reference: held, network: found?.network,
            notes: notes,
            trainingPath: training ?? "")
    }

    private func check(_ table: Table, _ known: Table?, _ reference: String, _ training: String?) throws {
        for (rows, path) in [(table, reference)] + (known.map { [($0, training ?? "")] } ?? [])
        where rows.rowCount < DetectorSettings.leastReference {
            throw DataError(
                .malformed, path: path,
                problem:
                    "has \(rows.rowCount) \(rows.rowCount == 1 ? "row" : "rows"), and at least \(DetectorSettings.leastReference) are needed",
                hint: "a hundred or more are better: what few rows can tell is little")
        }
        if let label = settings.label, let known, predictions.isEmpty, model == nil, known[label] == nil {
            throw DataError(
                .malformed, path: training ?? "", problem: "there is no column '\(label.printable())' to learn from",
                hint: Nearest.hint(Nearest.match(label, among: known.columns.map(\.name))))
        }
    }

    /// The classes: of the columns of probabilities, else the labels' in their order.
    private func modelClasses(
        _ tables: ShiftTables, _ all: [Table], _ found: (network: DetectorNetwork, classes: [String]?)?
    ) throws -> ModelClasses {
        let labels = all.compactMap { tables.labels($0) }.flatMap { $0.compactMap { $0 } }
        guard predictions.isEmpty else {
            return try ModelClasses(columns: predictions, declared: classes, labels: labels)
        }
        if let found {
            return try ModelClasses(
                outputs: found.network.networks.architecture.outputs, named: found.classes, declared: classes,
                labels: labels)
        }
        let names = TableCategories.ordered(Array(Set(labels.map(ModelClasses.canonical)))).names
        guard (2...1000).contains(names.count) else {
            throw DataError(
                .malformed, path: "--label \(settings.label ?? "")",
                expected: "2 to 1000 classes",
                found: names.count == 1 ? "only '\(names[0].printable())'" : "\(names.count)",
                hint: "is it the column of the class?")
        }
        try checkClasses(names, labels)
        return ModelClasses(names: names)
    }

    /// Refuses a column of numbers to predict, or of names, in place of classes: most of them would be of one row or two.
    private func checkClasses(_ names: [String], _ labels: [String]) throws {
        guard names.count > 2, names.count * 3 > labels.count else { return }
        let areNumbers = names.allSatisfy { Double($0) != nil }
        throw DataError(
            .malformed, path: "--label \(settings.label ?? "")", expected: "classes of at least three rows each, or so",
            found: "\(names.count) different \(areNumbers ? "numbers" : "texts") in \(labels.count) rows",
            hint: areNumbers ? "is it a number to predict, and no class?" : "is it the column of the class?")
    }

    private func rows(
        _ table: Table, _ path: String, _ tables: ShiftTables, _ encoding: TableEncoding, _ classes: ModelClasses,
        _ network: DetectorNetwork?, _ notes: inout [String]
    ) throws -> DetectorRows {
        let read = try encoding.read(table, except: tables.others, path: path)
        notes += read.notes
        return DetectorRows(
            raw: read.rows, probabilities: try classes.said(of: table, by: network, path: path),
            labels: tables.labels(table).map { classes.places($0.map { $0 ?? "" }) })
    }

    /// Refuses a reference of other classes than a model that is trained here can learn.
    private func compareClasses(
        _ training: DetectorRows, _ reference: DetectorRows, _ classes: ModelClasses, _ path: String
    ) throws {
        let (known, held) = (
            Set(training.labels?.compactMap { $0 } ?? []), Set(reference.labels?.compactMap { $0 } ?? [])
        )
        guard predictions.isEmpty, model == nil, !held.isEmpty, known.isDisjoint(with: held) else { return }
        func names(_ places: Set<Int32>) -> String {
            places.sorted().prefix(6).map { classes.names[Int($0)] }.joined(separator: ", ").printable()
        }
        throw DataError(
            .malformed, path: path, expected: "rows of the classes that --train has: \(names(known))",
            found: names(held),
            hint: "the labels of both files must mean the same")
    }

    /// Refuses a reference that the model was trained on.
    private func compare(
        _ training: DetectorRows, _ reference: DetectorRows, _ path: String, _ notes: inout [String]
    ) throws {
        let shared = SharedRows(of: training.raw, in: reference.raw)
        if shared.places.isEmpty { return }
        let said =
            "\(shared.places.count) of \(reference.count) rows stand in the training rows too (rows \(shared.lines))"
        guard !shared.isTooMany else {
            throw DataError(
                .malformed, path: path, problem: said,
                hint: "a model looks better on rows that it was trained on: leave them out of --reference")
        }
        notes.append("\(path): \(said), as often as the training rows repeat themselves")
    }
}

extension ShiftDetector {
    /// Reads a sample as the detector's reference was read.
    func read(sample path: String) throws -> (rows: DetectorRows, notes: [String]) {
        try read(sample: Gzip.decompress(contentsOf: path), path: path)
    }

    /// The same from bytes; `path` is for messages.
    func read(sample bytes: [UInt8], path: String) throws -> (rows: DetectorRows, notes: [String]) {
        let tables = ShiftTables(
            label: settings.label, predictions: classes.columns, ignored: settings.ignored, missing: settings.missing,
            kinds: encoding.kinds)
        let table = try tables.read(bytes, path: path)
        let read = try encoding.read(table, except: tables.others, path: path)
        var notes = read.notes
        let labels = tables.labels(table).map { classes.places($0.map { $0 ?? "" }) }
        if let labels, let texts = tables.labels(table) {
            let other = Set(zip(labels, texts).compactMap { $0 == nil ? $1 : nil }).sorted()
            if !other.isEmpty {
                notes.append(
                    "\(path): labels that are none of the model's classes count as missing: \(other.prefix(5).joined(separator: ", "))"
                )
            }
        }
        let rows = DetectorRows(
            raw: read.rows, probabilities: try classes.said(of: table, by: network, path: path), labels: labels)
        return (rows, notes)
    }
}

extension ModelClasses {
    /// What the model in use says of a table's rows: what its columns hold, or its networks compute; nil without either.
    func said(of table: Table, by network: DetectorNetwork?, path: String) throws -> Tensor? {
        if let network { return try network.probabilities(table, path: path) }
        return columns.isEmpty ? nil : try probabilities(table, path: path)
    }
}
