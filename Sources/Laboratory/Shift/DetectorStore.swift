import Basics
import Foundation
import ModelZoo
import ShiftDetection

extension OutputFile {
    /// Throws `DataError` where no detector could be written after the work, before it is done: another folder, or a file, is
    /// never replaced.
    static func checkDetector(_ url: URL, replacing: Bool = false) throws {
        try checkPlace(url, "folder", named: url)
        guard FileManager.default.fileExists(atPath: url.path) else { return }
        guard DetectorStore(folder: url).isThere else {
            throw DataError(
                .configuration, path: url.path,
                problem: "is there already, and is not a detector", hint: "choose another name with --out")
        }
        if !replacing { throw exists(url) }
    }
}

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
    func write(_ detector: ShiftDetector, provenance: Provenance? = nil) throws {
        try WholeFile.produce(folder) { url in
            try POSIXFile.makeFolders(url.path)
            let part = DetectorStore(folder: url)
            try TensorFile(url: part.tensors, provenance: provenance).write(detector.tensors)
            var description = detector.description
            description.provenance = provenance
            let text = try Tree(encoding: description).text(pretty: true)
            try WholeFile.write(Data(DetectorSeal.sealed(text, beside: part.tensors)), to: part.json)
        }
    }

    /// What tells this detector from every other one: its checksum is among the bytes.
    func identity() throws -> String {
        var hash = FowlerNollVo()
        hash.add(try bytes())
        return hash.text
    }

    private func bytes() throws -> [UInt8] {
        let file = try RegularFile(path: json.path)
        return try file.read(0..<file.count)
    }

    /// The detector. Throws `DataError`: missing where there is none, malformed for one of another version or a damaged one.
    func read() throws -> ShiftDetector {
        guard POSIXFile.isFolder(folder.path), isThere else {
            throw DataError(
                .missing, path: folder.path,
                problem: FileManager.default.fileExists(atPath: folder.path)
                    ? "is not a detector" : "there is no such folder",
                hint: "make a detector with `weightspace shift fit`")
        }
        let data = try Data(bytes())
        try refuseOtherVersions(data)
        guard FileManager.default.fileExists(atPath: tensors.path) else {
            throw damaged(folder.path, "it has no tensors.h5")
        }
        guard try DetectorSeal.isWhole(Array(data), beside: tensors) else {
            throw damaged(folder.path, "its files are not as `shift fit` wrote them (the checksum is another)")
        }
        let description: DetectorDescription
        do {
            description = try JSONDecoder().decode(DetectorDescription.self, from: data)
        } catch {
            throw damaged(json.path, DecodingError.reason(of: error))
        }
        return try ShiftDetector(description, tensors: TensorFile(url: tensors).read(), path: folder.path)
    }

    private struct Version: Decodable {
        let version: Int?
    }

    /// Another version is named before the checksum is looked at, for it may have another one, or none.
    private func refuseOtherVersions(_ data: Data) throws {
        let own = DetectorDescription.version
        guard let found = try? JSONDecoder().decode(Version.self, from: data), let version = found.version,
            version != own
        else { return }
        throw DataError(
            .malformed, path: json.path,
            problem: "is a detector of version \(version), and this weightspace reads version "
                + "\(own)",
            hint: "fit it again, or use the weightspace that made it")
    }

    private func damaged(_ path: String, _ problem: String) -> DataError {
        DataError(
            .malformed, path: path, problem: "is damaged: \(problem)", hint: "fit the detector again with `shift fit`")
    }
}
