import Basics
import Foundation

extension RunFolder {
    static func refusal(_ url: URL, _ state: State) -> DataError {
        switch state {
        case .finished:
            return DataError(
                .configuration, path: url.path,
                problem: "this run is finished; its report is "
                    + url.appendingPathComponent("report.html").path,
                hint: "for another run choose another folder with --out, or remove this one")
        case .unfinished:
            return DataError(
                .configuration, path: url.path, problem: "holds an unfinished run",
                hint: "go on with --resume, choose another folder with --out, or remove this one")
        case .absent, .foreign:
            return DataError(
                .configuration, path: url.path,
                problem: POSIXFile.isFolder(url.path)
                    ? "is a folder of other things, no run's" : "is a file, where a folder is to be made",
                hint: "choose another folder with --out")
        }
    }

    /// Why nothing can be read of a run at a place where there is nothing, or one that was not finished; nil otherwise.
    static func unusable(_ url: URL) -> DataError? {
        guard FileManager.default.fileExists(atPath: url.path) else {
            return DataError(.missing, path: url.path, problem: "there is no such folder or file")
        }
        guard state(at: url) == .unfinished else { return nil }
        return DataError(
            .missing, path: url.path, problem: "this run did not come to its end",
            hint:
                "`weightspace run` of the same experiment with --resume and --out \(url.relativePath.printable()) goes on with it"
        )
    }

    /// Refuses to go on with a run that was begun with another configuration; names the keys that differ.
    static func refuseOtherConfig(_ url: URL, _ config: Tree) throws {
        let differences = try differences(at: url, from: config)
        guard !differences.isEmpty else { return }
        let shown = differences.prefix(8).map { difference in
            "\(difference.path) = \(difference.old?.summary ?? "absent"), not \(difference.new?.summary ?? "absent")"
        }
        let rest = differences.count > shown.count ? " and \(differences.count - shown.count) more" : ""
        throw DataError(
            .configuration, path: url.appendingPathComponent("config.resolved.yaml").path,
            problem: "the run was begun with other settings: " + shown.joined(separator: "; ") + rest,
            hint: "resume with the same settings, or choose another folder with --out")
    }

    /// Keys that earlier versions did not have, by their last name, with the value that stands for what these did.
    private static let later: [String: Tree] = ["microBatches": .integer(1)]

    private static func isEarlierVersions(_ path: String, _ old: Tree?, _ new: Tree?) -> Bool {
        guard old == nil else { return false }
        return new == .null || later[path.split(separator: ".").last.map(String.init) ?? ""] == new
    }

    /// The keys in which the run at `url` differs from `config`: (path, value there, value here).
    ///
    /// Throws `DataError` where its configuration cannot be read.
    public static func differences(
        at url: URL, from config: Tree
    ) throws -> [(path: String, old: Tree?, new: Tree?)] {
        // A key that an earlier version did not know and that is not set makes no difference.
        Tree.differences(try resolvedConfig(at: url), config).filter { !isEarlierVersions($0.path, $0.old, $0.new) }
    }

    /// The tree that `config.resolved.yaml` of a run holds; throws `DataError`: missing where there is none, malformed
    /// where it is no YAML, for nobody was asked to write it.
    public static func resolvedConfig(at url: URL) throws -> Tree {
        let file = url.appendingPathComponent("config.resolved.yaml")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            throw DataError(
                .missing, path: url.path, problem: "is not the folder of a run",
                hint: "there is no readable \(file.lastPathComponent) in it")
        }
        do {
            return try YAMLReader.read(text, file: file.path).tree
        } catch let error as DataError {
            throw DataError(
                .malformed, path: error.path, expected: error.expected, found: error.found,
                hint: "the file was changed or damaged: run it anew, in an empty folder")
        }
    }
}
