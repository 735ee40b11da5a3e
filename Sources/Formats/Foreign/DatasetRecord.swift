import Basics
import Foundation
import ModelZoo

/// The record of the data that networks were trained on, as exported files carry it: the JSON of a zoo file.
enum DatasetRecord {
    /// The key in the metadata of safetensors.
    static let key = "weightspace.dataset"
    /// The member of archives of NumPy's arrays.
    static let member = "dataset.json"
    /// Bytes of the longest record that every file of a network carries.
    private static let mostBytes = 1 << 14

    /// The record, or nil where none is known; a long list of samples is left out where each of many files has it.
    static func text(_ dataset: ZooDataset?, isShort: Bool = false) throws -> String? {
        guard let dataset else { return nil }
        let text = try ZooHeader.text(dataset)
        guard isShort, text.utf8.count > mostBytes, case .map(var map) = try Tree(parsing: Data(text.utf8), path: "")
        else { return text }
        map["split"] = nil
        return Tree.map(map).text()
    }

    /// Whether a record has no room for the samples' division.
    static func isCut(_ dataset: ZooDataset?) -> Bool {
        (try? text(dataset, isShort: true)) != (try? text(dataset))
    }

    /// Reads a record; nil where it is none.
    static func read(_ text: String) -> ZooDataset? { try? ForeignJSON.decode(ZooDataset.self, from: text.utf8) }
}
