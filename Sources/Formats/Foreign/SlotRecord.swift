import Basics
import ModelZoo

/// Which tensor of an exported file is which slot of its zoo, where the names are another class's: names alone may not
/// tell the order of layers, so that the file could not be imported again.
enum SlotRecord {
    /// The key in the metadata of safetensors.
    static let key = "weightspace.slots"

    /// The slots by the names of tensors as JSON, or nil where all names are the slots' own.
    static func text(_ slots: [String: String]) throws -> String? {
        guard slots.contains(where: { $0.key != $0.value }) else { return nil }
        return try ZooHeader.text(slots)
    }

    /// Reads a record; nil where it is none.
    static func read(_ text: String) -> [String: String]? {
        try? ForeignJSON.decode([String: String].self, from: text.utf8)
    }
}
