import Basics
import Evaluation
import Formats
import Foundation
import Generation
import ModelZoo
import Tensors

/// Labelled examples that a person has in a file: a table, IDX images with their labels beside them, or a `.npz`.
///
/// They are prepared as the run's zoo records it, columns of the same names put into the zoo's order; classes are the
/// networks' outputs in their own order: numbers rising, else by name.
struct SupportFile {
    /// The examples as the generator reads them.
    let examples: LabelledExamples
    /// Shape of one.
    let sampleShape: [Int]
    /// What the classes are called, in the order of the outputs.
    let classes: [String]
    /// How a file of networks made for them names the data.
    let recorded: ZooDataset

    /// Reads the file for networks of a zoo; `label` names a table's column of classes. Throws `DataError` for a file that is
    /// not there or cannot be read, and for one with other columns or of other sizes than the zoo's.
    init(_ url: URL, label: String?, header: ZooHeader, zoo path: String, catalog: DatasetCatalog) throws {
        let zoo = try header.tasks.map { try ZooTask.list($0, path: path).first?.dataset } ?? header.dataset
        let preparation = zoo?.preparation ?? .identity
        let data: Dataset
        if url.pathExtension.lowercased() == "npz" {
            if let label { throw Self.noColumns(url, label) }
            let file = try NPZExamples(path: url.path)
            try Self.check(file.shape, header, url)
            let known = Set(file.labels).sorted()
            let places = Dictionary(uniqueKeysWithValues: known.enumerated().map { ($1, Int32($0)) })
            data = Dataset(
                name: url.path,
                inputs: preparation.apply(to: file.values, featureCount: file.shape.reduce(1, *)),
                sampleShape: file.shape, labels: file.labels.map { places[$0] ?? 0 }, classCount: known.count)
            classes = known.map { "\($0)" }
            recorded = ZooDataset(
                name: url.path, scale: zoo?.scale ?? [1], shift: zoo?.shift ?? [0], classes: known.map { "\($0)" })
        } else {
            let loaded = try catalog.load(url.path, csv: .found(label: label))
            if let label, loaded.sampleShape.count > 1 { throw Self.noColumns(url, label) }
            let arranged = try zoo?.features.map { try loaded.arranged(features: $0) } ?? loaded
            try Self.check(arranged.sampleShape, header, url)
            data = try arranged.prepared(rows: Array(0..<arranged.count), preparation)
            classes = arranged.classNames
            recorded = preparation.recorded(arranged, split: nil)
        }
        examples = LabelledExamples(data)
        // A table of images' values is read as the zoo's images.
        sampleShape = Self.shape(of: data, zoo, catalog)
    }

    /// Throws `DataError` for examples of another size than the networks' inputs.
    private static func check(_ shape: [Int], _ header: ZooHeader, _ url: URL) throws {
        guard let expected = header.architecture?.input.count, shape.reduce(1, *) != expected else { return }
        throw DataError(
            .malformed, path: url.path, expected: "examples of \(expected) numbers, the networks' inputs",
            found: "\(shape.map(String.init).joined(separator: "x")), \(shape.reduce(1, *)) numbers")
    }

    /// The shape of an example: the file's own where it says one, else that of the zoo's samples.
    private static func shape(of data: Dataset, _ zoo: ZooDataset?, _ catalog: DatasetCatalog) -> [Int] {
        guard data.sampleShape.count == 1, let zoo,
            let known = try? catalog.load(zoo.name, csv: zoo.csvOptions).sampleShape,
            known.reduce(1, *) == data.featureCount
        else { return data.sampleShape }
        return known
    }

    private static func noColumns(_ url: URL, _ label: String) -> DataError {
        DataError(
            .configuration, path: "--label", expected: "no column with a file that is no table", found: label,
            hint: "\(url.lastPathComponent) has its labels beside its examples")
    }

    /// The support set as conditions read it. Throws `DataError`, naming the file, where a class is missing or a number is
    /// not finite.
    func support(_ config: SupportCondition, path: String) throws -> SupportSet {
        try SupportSet(examples, shape: sampleShape, config, path: path)
    }
}

extension ZooHeader {
    /// The same networks, said to be for one data set and not for the tasks of a zoo.
    func with(dataset: ZooDataset) -> ZooHeader {
        var header =
            architecture.map { ZooHeader(architecture: $0, dataset: dataset, createdWith: createdWith) }
            ?? ZooHeader(layout: layout, dataset: dataset, createdWith: createdWith)
        header.provenance = provenance
        return header
    }
}
