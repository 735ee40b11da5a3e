import Foundation

/// Which stages of a run are complete, with the sizes of what they wrote: the content of `stages.json`.
struct RunStages: Codable, Sendable, Equatable {
    struct Stage: Codable, Sendable, Equatable {
        let name: String
        /// Says what the stage was made from; another text makes it stale.
        let inputs: String
        /// Bytes by file name.
        let outputs: [String: Int]
    }

    var format = "weightspace-stages"
    var version = 1
    var stages: [Stage] = []
    var finished = false

    /// Whether this code wrote it.
    var isOurs: Bool { format == Self().format && version == Self().version }

    /// Forgets a stage and those after it, which may have been made from it.
    mutating func dropStages(from name: String) {
        if let index = stages.firstIndex(where: { $0.name == name }) { stages.removeSubrange(index...) }
    }

    /// Whether a stage was made from the same inputs and everything that it wrote is there, at its full size.
    func isComplete(_ name: String, inputs: String, in folder: URL) -> Bool {
        guard let stage = stages.first(where: { $0.name == name }), stage.inputs == inputs else { return false }
        return stage.outputs.allSatisfy { Self.size(of: folder.appendingPathComponent($0.key)) == $0.value }
    }

    /// The bytes of a file, or of all files below a folder; nil where there is nothing.
    static func size(of url: URL) -> Int? {
        let files = FileManager.default
        guard let attributes = try? files.attributesOfItem(atPath: url.path) else { return nil }
        guard attributes[.type] as? FileAttributeType == .typeDirectory else { return attributes[.size] as? Int }
        let names = (try? files.contentsOfDirectory(atPath: url.path)) ?? []
        return names.reduce(0) { $0 + (size(of: url.appendingPathComponent($1)) ?? 0) }
    }
}
