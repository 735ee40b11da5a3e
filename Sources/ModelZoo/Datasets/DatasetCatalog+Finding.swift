import Basics
import Foundation

extension DatasetCatalog {
    /// What a search for a known data set came to.
    enum Finding {
        /// The folder, and the path of every file in the data set's order.
        case found(folder: String, paths: [String])
        /// The folder that holds some of the files, and the names of the others.
        case incomplete(folder: String, absent: [String])
        /// Nowhere.
        case absent
    }

    /// Looks through the folders; the first that holds all files wins, else the first that holds some.
    func find(_ dataset: KnownDataset) -> Finding {
        var partial: Finding?
        for folder in places(of: dataset) {
            let paths = dataset.files.map { Self.existing("\(folder)/\($0.name)") }
            let present = paths.compactMap { $0 }
            if present.count == paths.count { return .found(folder: folder, paths: present) }
            if present.isEmpty || partial != nil { continue }
            let absent = zip(dataset.files, paths).filter { $0.1 == nil }.map(\.0.name)
            partial = .incomplete(folder: folder, absent: absent)
        }
        return partial ?? .absent
    }

    /// Every folder in which the data set is looked for.
    func places(of dataset: KnownDataset) -> [String] {
        folders.flatMap { place in dataset.folders.map { Self.join(place, $0) } }
    }

    /// The paths of all files; throws `missing` with every folder that was searched.
    func paths(of dataset: KnownDataset) throws -> [String] {
        switch find(dataset) {
        case .found(_, let paths): return paths
        case .incomplete(let folder, let absent):
            throw DataError(
                .missing, path: folder, expected: "all files of the data set \(dataset.name)",
                found: "no \(absent.joined(separator: ", no "))", hint: dataset.hint)
        case .absent:
            throw DataError(
                .missing, path: "dataset \(dataset.name)",
                expected: "its files in one of \(places(of: dataset).joined(separator: ", "))", found: "none",
                hint: dataset.hint)
        }
    }

    private static func join(_ folder: String, _ below: String) -> String {
        below == "." ? folder : "\(folder)/\(below)"
    }

    private static func existing(_ path: String) -> String? {
        [path, path + ".gz"].first { FileManager.default.fileExists(atPath: $0) }
    }
}
