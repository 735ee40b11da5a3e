import Basics
import Foundation

extension RunFolder {
    static func refusal(_ url: URL, _ state: State) -> DataError {
        switch state {
        case .finished:
            return DataError(
                .configuration, path: url.path, expected: "a new or unfinished run folder", found: "a finished run",
                hint: "choose another folder with --out, or remove this one")
        case .unfinished:
            return DataError(
                .configuration, path: url.path, expected: "a new run folder", found: "an unfinished run",
                hint: "go on with --resume, choose another folder with --out, or remove this one")
        case .absent, .foreign:
            return DataError(
                .configuration, path: url.path, expected: "a run folder or an empty place", found: "something else",
                hint: "choose another folder with --out")
        }
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
            expected: "the configuration that the run was begun with", found: shown.joined(separator: "; ") + rest,
            hint: "resume with the same settings, or choose another folder with --out")
    }

    /// The keys in which the run at `url` differs from `config`: (path, value there, value here).
    ///
    /// Throws `DataError` where its configuration cannot be read.
    public static func differences(
        at url: URL, from config: Tree
    ) throws -> [(path: String, old: Tree?, new: Tree?)] {
        Tree.differences(try resolvedConfig(at: url), config)
    }

    /// The tree that `config.resolved.yaml` of a run holds; throws `DataError`: missing where there is none, malformed
    /// where it is no YAML, for nobody was asked to write it.
    public static func resolvedConfig(at url: URL) throws -> Tree {
        let file = url.appendingPathComponent("config.resolved.yaml")
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            throw DataError(
                .missing, path: file.path, expected: "the configuration of a run", found: "no readable file",
                hint: "name the folder of a run")
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
