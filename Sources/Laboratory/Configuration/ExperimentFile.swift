import Basics
import Foundation

/// An experiment as it is named on the command line: a folder with a `config.yaml`, or a YAML file.
public struct ExperimentFile: Sendable {
    /// The name that the run folder carries: the folder's, or the file's without its ending.
    public let name: String
    /// The YAML file that was read: `config.yaml` of a folder, or the file itself.
    public let url: URL
    /// What stands in it.
    public let document: ConfigDocument
    /// Whether it was named as a folder, which is then the experiment's own.
    public let hasOwnFolder: Bool

    /// Finds `name` as a YAML file, as a folder, or as a folder under `experiments`, and reads its configuration.
    ///
    /// Throws `DataError`: missing (with the experiments there are), inputOutput, or configuration for bad YAML.
    public static func load(
        _ name: String, experiments: URL = URL(fileURLWithPath: "Experiments")
    ) throws -> ExperimentFile {
        let files = FileManager.default
        let given = URL(fileURLWithPath: name)
        for folder in [given, experiments.appendingPathComponent(name)] {
            var isFolder: ObjCBool = false
            guard !name.isEmpty, files.fileExists(atPath: folder.path, isDirectory: &isFolder) else { continue }
            let file = isFolder.boolValue ? folder.appendingPathComponent("config.yaml") : folder
            guard files.fileExists(atPath: file.path) else { continue }
            return try read(file, hasOwnFolder: isFolder.boolValue)
        }
        let known = known(in: experiments)
        throw DataError(
            .missing, path: name,
            problem: "there is no such experiment, neither a folder with a config.yaml nor a YAML file",
            hint: advice(name, known, in: experiments))
    }

    private static func advice(_ name: String, _ known: [String], in experiments: URL) -> String {
        if known.isEmpty { return "there are none in \(experiments.path)" }
        return Nearest.hint(Nearest.match(name, among: known), of: known)
    }

    /// The names of the folders under `experiments` that hold a `config.yaml`, sorted.
    public static func known(in experiments: URL) -> [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: experiments.path)) ?? []
        return names.sorted().filter {
            FileManager.default.fileExists(atPath: experiments.appendingPathComponent("\($0)/config.yaml").path)
        }
    }

    private static func read(_ file: URL, hasOwnFolder: Bool) throws -> ExperimentFile {
        let data: Data
        do {
            data = try Data(contentsOf: file)
        } catch {
            throw DataError.system(error, at: file.relativePath)
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            let isHDF5 = data.starts(with: [0x89, 0x48, 0x44, 0x46])
            throw DataError(
                .configuration, path: file.relativePath,
                problem: isHDF5
                    ? "is an HDF5 file, and an experiment is written in YAML" : "is not text, where YAML is expected",
                hint: isHDF5
                    ? "an experiment on a zoo file says zoo: {kind: file, path: \(file.relativePath.printable())}" : "")
        }
        let stem = file.deletingPathExtension().lastPathComponent
        let folder = file.standardizedFileURL.deletingLastPathComponent().lastPathComponent
        let document = try YAMLReader.read(text, file: file.relativePath)
        // A file that was cut short says nothing more often than one that means all defaults, which {} says.
        guard document.tree != .null else {
            throw DataError(
                .configuration, path: file.relativePath, problem: "the file says nothing",
                hint:
                    "was it cut short? one key is enough, such as zoo: or seed: 0; `weightspace config` shows them all")
        }
        return ExperimentFile(
            name: stem == "config" ? folder : stem, url: file, document: document, hasOwnFolder: hasOwnFolder)
    }
}

/// Finds files that configurations name from the current folder or from the checkout's root.
public enum ExperimentPaths {
    /// The file at `path`, from the current folder or the nearest folder above it that holds it, else from a folder
    /// above the program.
    ///
    /// Throws `DataError.missing`.
    public static func resolve(_ path: String) throws -> URL {
        if path.hasPrefix("/") {
            if FileManager.default.fileExists(atPath: path) { return URL(fileURLWithPath: path) }
            throw missing(path)
        }
        let here = ProgramFolders.above(FileManager.default.currentDirectoryPath)
        for folder in here + ProgramFolders.aboveProgram {
            let candidate = folder.appendingPathComponent(path)
            if FileManager.default.fileExists(atPath: candidate.path) { return candidate }
        }
        throw missing(path)
    }

    private static func missing(_ path: String) -> DataError {
        DataError(.missing, path: path, problem: "there is no such file here or in a folder above")
    }
}
