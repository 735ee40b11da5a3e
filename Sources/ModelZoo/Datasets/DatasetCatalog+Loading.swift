import Basics

extension DatasetCatalog {
    /// Loads a known data set by name, or the CSV file at a path that ends in `.csv` or `.csv.gz`.
    ///
    /// `csv` applies to a file given by its path. Throws `DataError`: `missing` with all folders that were searched,
    /// `malformed` for files that are damaged or are not what their name promises.
    public func load(_ name: String, csv: CSVOptions = .init()) throws -> LoadedDataset {
        if let dataset = known.first(where: { $0.name == name }) {
            let paths = try paths(of: dataset)
            let sources = try zip(paths, dataset.files).map { try Self.source($0, $1, dataset) }
            switch dataset.format {
            case .csv(let hasHeader):
                return try Self.table(
                    sources[0], dataset: dataset, options: .init(header: hasHeader ? .present : .absent))
            case .records(let features): return try Self.records(sources, features: features, dataset: dataset)
            case .idx: return try Self.images(sources, dataset: dataset)
            }
        }
        guard name.hasSuffix(".csv") || name.hasSuffix(".csv.gz") else {
            throw DataError(
                .missing, path: "dataset \(name)",
                expected: "\(names.joined(separator: ", ")), or a path that ends in .csv or .csv.gz",
                found: "an unknown name")
        }
        return try Self.table(try Source(path: name), options: csv)
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
        _ source: Source, dataset: KnownDataset? = nil, options: CSVOptions
    ) throws -> LoadedDataset {
        let table = try CSVTable(bytes: source.bytes, path: source.file.path, options: options)
        let shape = dataset?.sampleShape ?? [table.featureCount]
        guard shape.reduce(1, *) == table.featureCount else {
            throw DataError(
                .malformed, path: source.file.path, expected: "\(shape) features and a class",
                found: "\(table.featureCount) features")
        }
        return LoadedDataset(
            name: dataset?.name ?? source.file.path, sampleShape: shape, labels: table.labels,
            classNames: table.classNames, officialTrainCount: nil, sha256: source.file.sha256,
            files: [source.file], usualPreparation: dataset?.preparation ?? .identity,
            values: .floats(table.features))
    }

    private static func records(
        _ sources: [Source], features: Int, dataset: KnownDataset
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
                values += table.features[row * table.featureCount..<row * table.featureCount + features]
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
        for (images, labels) in [(train, arrays[1]), (test, arrays[3])] {
            guard images.element == .uint8, Array(images.shape.dropFirst()) == dataset.sampleShape else {
                throw DataError(
                    .malformed, path: images.path, expected: "uint8 images of \(dataset.sampleShape)",
                    found: "\(images.element) of extents \(images.shape)")
            }
            guard labels.element == .uint8, labels.shape == [images.shape[0]], labels.count > 0 else {
                throw DataError(
                    .malformed, path: labels.path, expected: "\(images.shape[0]) uint8 labels, one an image",
                    found: "\(labels.element) of extents \(labels.shape)")
            }
        }
        let labels = try arrays[1].labels() + arrays[3].labels()
        return LoadedDataset(
            name: dataset.name, sampleShape: dataset.sampleShape, labels: labels,
            classNames: (0...(labels.max() ?? 0)).map(String.init), officialTrainCount: train.shape[0],
            sha256: digest(sources, dataset),
            files: sources.map(\.file), usualPreparation: dataset.preparation,
            values: .bytes([train.payload, test.payload]))
    }
}
