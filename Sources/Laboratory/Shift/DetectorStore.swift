import Basics
import Foundation
import ModelZoo
import ShiftDetection

/// A detector on disk: a folder with `detector.json`, which says everything in words and numbers, and `tensors.h5`, a zoo
/// file of one row with rows and networks.
struct DetectorStore {
    /// The folder.
    let folder: URL

    private var json: URL { folder.appendingPathComponent("detector.json") }
    private var tensors: URL { folder.appendingPathComponent("tensors.h5") }

    /// Whether there is a detector, sound or not.
    var isThere: Bool { FileManager.default.fileExists(atPath: json.path) }

    /// Writes a detector as a whole, in place of one that is there.
    func write(_ detector: ShiftDetector) throws {
        try WholeFile.produce(folder) { url in
            try POSIXFile.makeFolders(url.path)
            let part = DetectorStore(folder: url)
            try TensorFile(url: part.tensors).write(detector.tensors)
            try WholeFile.write(try Tree(encoding: detector.description).text(pretty: true) + "\n", to: part.json)
        }
    }

    /// The detector. Throws `DataError`: missing where there is none, malformed for one of another version or a damaged one.
    func read() throws -> ShiftDetector {
        guard POSIXFile.isFolder(folder.path), isThere else {
            throw DataError(
                .missing, path: folder.path,
                problem: FileManager.default.fileExists(atPath: folder.path)
                    ? "is no detector" : "there is no such folder",
                hint: "make a detector with `weightspace shift fit`")
        }
        let data = try Data(RegularFile(path: json.path).read(0..<RegularFile(path: json.path).count))
        if StoredJSON.isOfOtherVersion(data, than: DetectorDescription.version) {
            throw DataError(
                .malformed, path: json.path,
                problem: "is no detector of version \(DetectorDescription.version), which this weightspace reads",
                hint: "fit it again, or use the weightspace that made it")
        }
        let description: DetectorDescription
        do {
            description = try JSONDecoder().decode(DetectorDescription.self, from: data)
        } catch {
            throw DataError(
                .malformed, path: json.path, problem: "is damaged: \(DecodingError.reason(of: error))",
                hint: "fit the detector again with `shift fit`")
        }
        guard FileManager.default.fileExists(atPath: tensors.path) else {
            throw DataError(
                .malformed, path: folder.path, problem: "is damaged: it has no tensors.h5",
                hint: "fit the detector again with `shift fit`")
        }
        return try ShiftDetector(description, tensors: TensorFile(url: tensors).read(), path: folder.path)
    }
}
