import Basics
import Foundation

extension DatasetCatalog {
    /// Loads a known data set by name, or the file at a path: a table (`.csv`, `.tsv`, `.txt`, `.data`) or IDX images with
    /// their labels beside them, gzipped or not.
    ///
    /// `csv` applies to a table given by its path. Throws `DataError`: `missing` with all folders that were searched,
    /// `malformed` for files that are damaged or are not what their name promises.
    public func load(_ name: String, csv: CSVOptions = .found()) throws -> LoadedDataset {
        if let dataset = known.first(where: { $0.name == name }) {
            let paths = try paths(of: dataset)
            let sources = try zip(paths, dataset.files).map { try Self.source($0, $1, dataset) }
            switch dataset.format {
            case .csv(let hasHeader):
                return try Self.table(
                    sources[0], dataset: dataset, options: .init(header: hasHeader ? .present : .absent))
            case .records(let features, let zeros):
                return try Self.records(sources, features: features, zeroIsMissing: zeros, dataset: dataset)
            case .idx: return try Self.images(sources, dataset: dataset)
            }
        }
        if IDXName.labels(of: name) != nil {
            let path = try place(of: name)
            return try Self.images(at: path, labels: IDXName.labels(of: path) ?? [], name: name)
        }
        guard Self.isTable(name) else {
            let plain = name.lowercased().filter { $0.isLetter || $0.isNumber }
            let exact = names.first { $0.filter { $0.isLetter || $0.isNumber } == plain }
            throw DataError(
                .missing, path: "dataset \(name.printable())",
                expected: "\(names.joined(separator: ", ")), a table (.csv, .tsv, .txt, .data) or IDX images "
                    + "(...images-idx3-ubyte)",
                found: Self.kind(of: name), hint: Nearest.hint(exact ?? Nearest.match(name.lowercased(), among: names)))
        }
        return try Self.table(try Source(path: place(of: name)), name: name, options: csv)
    }

    /// Where a file that a person or a zoo names is: at its path, else at that path from the folder of the zoo, or from a
    /// folder that is searched; throws `missing` saying what to do.
    private func place(of name: String) throws -> String {
        let files = FileManager.default
        if files.fileExists(atPath: name) { return name }
        let others = name.hasPrefix("/") ? [] : (zooFolders + folders).map { "\($0)/\(name)" }
        if let found = others.first(where: { files.fileExists(atPath: $0) }) { return found }
        throw DataError(
            .missing, path: name.printable(), problem: "there is no such file or folder",
            hint: zooFolders.isEmpty
                ? ""
                : "neither here nor beside the zoo file, nor in a folder of data sets: --dataset FILE says where it is, "
                    + "--data DIR where it is looked for")
    }

    /// What is at a name that is that of no data set.
    private static func kind(of name: String) -> String {
        if POSIXFile.isFolder(name) { return "a folder" }
        return FileManager.default.fileExists(atPath: name) ? "a file of another kind" : "an unknown name"
    }

    /// Whether a data set's name is the path of a file and not the name of a known set.
    static func isFile(_ name: String) -> Bool { isTable(name) || IDXName.labels(of: name) != nil }

    private static func isTable(_ name: String) -> Bool {
        let plain = name.lowercased().hasSuffix(".gz") ? name.dropLast(3) : name[...]
        return [".csv", ".tsv", ".tab", ".txt", ".data"].contains { plain.lowercased().hasSuffix($0) }
    }

    /// A file in memory, with what there is to say about it.
    struct Source {
        let bytes: [UInt8]
        let file: SourceFile

        init(path: String) throws {
            let content = try Gzip.decompress(contentsOf: path)
            let digest = content.withUnsafeBytes { SHA256.digest(of: $0) }
            bytes = content
            file = SourceFile(path: path, bytes: content.count, sha256: SHA256.hex(digest))
        }
    }

    private static func source(
        _ path: String, _ file: KnownDataset.File, _ dataset: KnownDataset
    ) throws -> Source {
        let source = try Source(path: path)
        guard let sum = file.sha256, sum != source.file.sha256 else { return source }
        throw DataError(
            .malformed, path: path, expected: "\(file.name) of \(dataset.name), SHA-256 \(sum) uncompressed",
            found: source.file.sha256, hint: "get the file again: \(dataset.hint)")
    }

    private static func table(
        _ source: Source, name: String = "", dataset: KnownDataset? = nil, options: CSVOptions
    ) throws -> LoadedDataset {
        let table = try CSVTable(bytes: source.bytes, path: source.file.path, options: options)
        let shape = dataset?.sampleShape ?? [table.featureCount]
        guard shape.reduce(1, *) == table.featureCount else {
            throw DataError(
                .malformed, path: source.file.path, expected: "\(shape) features and a class",
                found: "\(table.featureCount) features")
        }
        return LoadedDataset(
            name: dataset?.name ?? name, sampleShape: shape, labels: table.labels,
            classNames: table.classNames, officialTrainCount: nil, sha256: source.file.sha256,
            files: [source.file], usualPreparation: dataset?.preparation ?? .identity,
            values: .floats(table.features),
            columns: dataset == nil
                ? .init(label: table.labelName, features: table.featureNames, index: table.indexPlace) : nil)
    }

    private static func records(
        _ sources: [Source], features: Int, zeroIsMissing: [Int], dataset: KnownDataset
    ) throws -> LoadedDataset {
        var (values, labels) = ([Float](), [Int32]())
        for source in sources {
            let table = try CSVTable(
                bytes: source.bytes, path: source.file.path, options: .init(header: .absent, allowsMissing: true))
            guard table.featureCount >= features else {
                throw DataError(
                    .malformed, path: source.file.path, expected: "\(features) features and a class",
                    found: "\(table.featureCount) features")
            }
            for row in 0..<table.rowCount {
                var record = Array(table.features[row * table.featureCount..<row * table.featureCount + features])
                for feature in zeroIsMissing where record[feature] == 0 { record[feature] = .nan }
                values += record
                labels.append((Double(table.classNames[Int(table.labels[row])]) ?? 0) > 0 ? 1 : 0)
            }
        }
        return LoadedDataset(
            name: dataset.name, sampleShape: dataset.sampleShape, labels: labels, classNames: ["0", "1"],
            officialTrainCount: nil, sha256: digest(sources, dataset), files: sources.map(\.file),
            usualPreparation: dataset.preparation, values: .floats(values))
    }

    /// The digest of what `sha256sum` prints for the files.
    private static func digest(_ sources: [Source], _ dataset: KnownDataset) -> String {
        let listing = zip(sources, dataset.files).map { "\($0.file.sha256)  \($1.name)\n" }.joined()
        return SHA256.hex(Array(listing.utf8).withUnsafeBytes { SHA256.digest(of: $0) })
    }

    private static func images(_ sources: [Source], dataset: KnownDataset) throws -> LoadedDataset {
        let arrays = try sources.map { try IDXArray(bytes: $0.bytes, path: $0.file.path) }
        let (train, test) = (arrays[0], arrays[2])
        try check(train, labels: arrays[1], shape: dataset.sampleShape)
        try check(test, labels: arrays[3], shape: dataset.sampleShape)
        let labels = try arrays[1].labels() + arrays[3].labels()
        return LoadedDataset(
            name: dataset.name, sampleShape: dataset.sampleShape, labels: labels,
            classNames: (0...(labels.max() ?? 0)).map(String.init), officialTrainCount: train.shape[0],
            sha256: digest(sources, dataset),
            files: sources.map(\.file), usualPreparation: dataset.preparation,
            values: .bytes([train.payload, test.payload]))
    }

    /// Images without an official test part, with the labels in the file at another path.
    private static func images(at path: String, labels: [String], name: String) throws -> LoadedDataset {
        guard let other = labels.first(where: { FileManager.default.fileExists(atPath: $0) }) else {
            throw DataError(
                .missing, path: path, expected: "the labels of these images in \(labels[0]) beside it",
                found: "no such file")
        }
        let sources = try [path, other].map { try Source(path: $0) }
        let arrays = try sources.map { try IDXArray(bytes: $0.bytes, path: $0.file.path) }
        let shape = Array(arrays[0].shape.dropFirst())
        try check(arrays[0], labels: arrays[1], shape: shape)
        let classes = try arrays[1].labels()
        return LoadedDataset(
            name: name, sampleShape: shape, labels: classes,
            classNames: (0...(classes.max() ?? 0)).map(String.init), officialTrainCount: nil,
            sha256: sources[0].file.sha256, files: sources.map(\.file), usualPreparation: .unitBytes,
            values: .bytes([arrays[0].payload]))
    }

    private static func check(_ images: IDXArray, labels: IDXArray, shape: [Int]) throws {
        guard images.element == .uint8, Array(images.shape.dropFirst()) == shape, !shape.isEmpty else {
            throw DataError(
                .malformed, path: images.path,
                expected: shape.isEmpty ? "uint8 images" : "uint8 images of \(shape)",
                found: "\(images.element) of extents \(images.shape)")
        }
        guard labels.element == .uint8, labels.shape == [images.shape[0]], labels.count > 0 else {
            throw DataError(
                .malformed, path: labels.path, expected: "\(images.shape[0]) uint8 labels, one an image",
                found: "\(labels.element) of extents \(labels.shape)")
        }
    }
}
