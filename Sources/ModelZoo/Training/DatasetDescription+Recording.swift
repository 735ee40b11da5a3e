import Basics
import Foundation

extension DatasetDescription {
    /// The data set as a zoo file records it, with the SHA-256 of the data at hand; it is loaded and prepared once, to see
    /// that all fits. Preparation and division that are not described are the data's usual ones, and none.
    ///
    /// With `outputs`, the number of outputs of the networks, classes that are numbers of outputs are these, whichever of
    /// them the rows lack. Throws `DataError`: `.configuration` naming the place of a wrong description, or of one that
    /// leaves open which output stands for which class; `.missing` where data is not there.
    public func recorded(in catalog: DatasetCatalog, outputs: Int? = nil) throws -> ZooDataset {
        let loaded = try load(from: catalog, allowsMissing: missing != nil)
        return try checked {
            let indices = try indices(in: loaded)
            let preparation = try preparation(of: loaded, training: indices?.rows.train, recorded: nil)
            let ordered = try classes.map { try loaded.ordered($0) } ?? loaded.numbered(outputs: outputs)
            if classes == nil, let outputs { try ordered.refuseFewClasses(outputs: outputs) }
            if let indices { _ = try loaded.split(indices.rows, preparation: preparation) }
            if indices == nil { _ = try loaded.prepared(rows: [0], preparation) }
            return preparation.recorded(
                loaded, split: indices?.recorded,
                classes: ordered.classNames == loaded.classNames ? nil : ordered.classNames)
        }
    }

    /// The named data, read as the description says.
    func load(
        from catalog: DatasetCatalog, preferring known: String? = nil, allowsMissing: Bool
    ) throws -> LoadedDataset {
        var options = CSVOptions.found(label: label, allowsMissing: allowsMissing)
        options.preferredLabel = known
        let loaded = try catalog.load(name, csv: options)
        try loaded.check(is: ZooDataset(name: name, sha256: sha256))
        return loaded
    }

    /// Does what may find that the description does not fit, as a fault of the place where it stands.
    func checked<Result>(_ body: () throws -> Result) throws -> Result {
        do {
            return try body()
        } catch let error as DataError where error.kind == .malformed || error.kind == .configuration {
            // What was found of the description itself says where it stands.
            throw error.path.hasPrefix(place) ? error : error.about(place, as: .configuration)
        }
    }

    /// The described division, or nil.
    func indices(in loaded: LoadedDataset) throws -> (rows: SplitIndices, recorded: ZooDataset.Split)? {
        switch split {
        case nil: return nil
        case .recorded(.official):
            return (try loaded.indices(for: .official(validation: 0, seed: 0)), .official)
        case .recorded(.indices(let train, let validation, let test)):
            let rows = SplitIndices(train: train, validation: validation, test: test)
            return (rows, rows.recorded)
        case .shares(let validation, let test, let seed):
            let rows = try loaded.indices(for: .stratified(validation: validation, test: test, seed: seed))
            return (rows, rows.recorded)
        }
    }

    /// How raw values become inputs: as described, else as `recorded`, else as usual; what must be measured is
    /// measured on the training rows, or on all where no rows are.
    func preparation(
        of loaded: LoadedDataset, training rows: [Int]?, recorded: ZooDataset?
    ) throws -> Preparation {
        let training = rows.flatMap { $0.isEmpty ? nil : $0 } ?? loaded.trainingRows
        let filling: PerFeature? =
            switch missing {
            case .value(let values): values
            case .mean: .each(loaded.featureMoments(rows: training).map(\.mean))
            case nil: recorded?.missing.map { PerFeature(recorded: $0) }
            }
        let form: Preparation
        if let mean, let std {
            form = try normalized(Normalization(mean: mean, deviation: std), loaded)
        } else if standardize {
            form = Preparation(standardizing: loaded.featureMoments(rows: training))
        } else if saysPreparation {
            form = Preparation(scale: scale ?? 1, shift: shift ?? 0)
        } else {
            form = recorded?.preparation ?? loaded.usualPreparation
        }
        return Preparation(scale: form.scale, shift: form.shift, missing: filling)
    }

    /// `mean` and `std` as scale and shift: of x / 255, where the values are bytes, or of x * scale.
    func normalized(_ normalization: Normalization, _ loaded: LoadedDataset) throws -> Preparation {
        if scale == nil, let other = loaded.otherThanBytes {
            throw DataError(
                .configuration, path: "\(place): mean",
                problem: "mean and std are of x / 255, and the values of \(loaded.name) are not bytes from 0 to 255 "
                    + "(it has \(other))",
                hint: "with \"scale\":1 beside them, mean and std are of the values as they are")
        }
        let values = normalization.mean.values + normalization.deviation.values
        if scale == nil, let large = values.first(where: { abs($0) > 1 }) {
            throw DataError(
                .configuration, path: "\(place): mean", expected: "mean and std of x / 255, from 0 to 1",
                found: "\(large)",
                hint: "with \"scale\":1 beside them, mean and std are of the values as they are")
        }
        guard let preparation = normalization.preparation(unit: scale ?? .unitByte) else {
            throw DataError(
                .configuration, path: "\(place): mean", expected: "as many values in mean as in std and scale",
                found: "\(normalization.mean.values.count) and \(normalization.deviation.values.count)")
        }
        return preparation
    }
}

extension LoadedDataset {
    /// The rows that are for training where nobody recorded a division: those before an official test part, else all.
    var trainingRows: [Int] { Array(0..<(officialTrainCount ?? count)) }

    /// A value that is no byte, or the greatest one where all are too small for bytes of images; nil where values
    /// are bytes.
    var otherThanBytes: String? {
        guard case .floats(let values) = values else { return nil }
        if let other = values.first(where: { !($0 >= 0 && $0 <= 255 && $0 == $0.rounded()) }) {
            return other.isNaN ? "a missing value" : "\(other)"
        }
        let greatest = values.max() ?? 0
        return greatest > 16 ? nil : "no value above \(greatest)"
    }
}

extension Preparation {
    /// Mean 0 and deviation 1 of every feature; one that never differs is only shifted.
    init(standardizing moments: [FeatureMoments], missing: PerFeature? = nil) {
        let scales = moments.map { $0.deviation > 0 ? 1 / $0.deviation : 1 }
        self.init(
            scale: .each(scales), shift: .each(zip(moments, scales).map { -$0.mean * $1 }), missing: missing)
    }

    /// How a zoo file names data that was prepared so; `classes` are those of the outputs where the data has others by
    /// itself.
    package func recorded(
        _ loaded: LoadedDataset, split: ZooDataset.Split?, classes: [String]? = nil
    ) -> ZooDataset {
        let features = loaded.columns?.features ?? []
        return ZooDataset(
            name: loaded.name, sha256: loaded.sha256, scale: scale.values, shift: shift.values,
            missing: missing?.values, split: split, classes: classes ?? loaded.namedClasses,
            label: loaded.columns?.label,
            features: features.isEmpty ? nil : features)
    }
}

extension LoadedDataset {
    /// The classes' names where they say more than 0, 1, 2, ...
    var namedClasses: [String]? { classNames.enumerated().allSatisfy { $1 == "\($0)" } ? nil : classNames }
}

extension ZooDataset {
    /// The data set that a person describes in JSON, as a zoo file records it; see ``DatasetDescription``.
    public init(description json: Foundation.Data, place: String, catalog: DatasetCatalog) throws {
        self = try DatasetDescription(json: json, place: place).recorded(in: catalog)
    }

    /// A known data set, or a file by its path, with its usual preparation; throws as the above.
    public init(name: String, place: String, catalog: DatasetCatalog) throws {
        self = try DatasetDescription(name: name, place: place).recorded(in: catalog)
    }

    /// How its raw values become inputs.
    public var preparation: Preparation {
        Preparation(
            scale: .init(recorded: scale), shift: .init(recorded: shift),
            missing: missing.map { .init(recorded: $0) })
    }

    /// How a table of this record is read. Files of earlier versions, which have a digest but no label, were read with
    /// commas and the class in the last column.
    package var csvOptions: CSVOptions {
        guard label != nil || sha256 == nil else { return CSVOptions(allowsMissing: missing != nil) }
        var options = CSVOptions.found(label: label, allowsMissing: missing != nil)
        options.features = Set(features ?? [])
        return options
    }
}
