import Basics
import Foundation

extension RunFolder {
    /// Takes over stages that another run has completed, as if they had been done here: their files by second names, where
    /// the file system has them, and what was written beside them. Nothing where they are all here.
    ///
    /// Throws `DataError` (missing) where the other run has not completed one of them.
    func adopt(_ names: [String], from other: URL) throws {
        guard names.contains(where: { inputs(of: $0) == nil }) else { return }
        let theirs = Self.stages(at: other)
        for name in names {
            guard let stage = theirs.stages.first(where: { $0.name == name }),
                theirs.isComplete(name, inputs: stage.inputs, in: other)
            else {
                throw DataError(
                    .missing, path: other.path, problem: "this run has not completed its stage `\(name)`",
                    hint: "was it stopped, or were files of it removed? `weightspace run` with --resume goes on with it"
                )
            }
            try self.stage(name, inputs: stage.inputs) { writer in
                for output in stage.outputs.keys.sorted() {
                    try writer.produce(output) { try Self.secondName(of: other.appendingPathComponent(output), at: $0) }
                }
            }
        }
        for name in Self.besideStages {
            guard let data = try? Data(contentsOf: other.appendingPathComponent(name)) else { continue }
            try write(name, data)
        }
    }

    /// Removes a new run that has done no more than take stages over: a failure in its first own stage leaves nothing.
    func discardIfOnlyAdopted(_ names: [String]) {
        guard isNew, completed.allSatisfy(names.contains), let first = completed.first else { return }
        let written = completed.flatMap { outputs(of: $0) } + Self.besideStages
        guard (try? forget(first)) != nil else { return }
        for name in written { try? FileManager.default.removeItem(at: file(name)) }
    }

    private static let besideStages = ["metrics.jsonl", "autoencoder.jsonl", "timing.json"]

    private func outputs(of stage: String) -> [String] {
        Self.stages(at: url).stages.first { $0.name == stage }?.outputs.keys.sorted() ?? []
    }

    /// A second name for a file, or a folder of such, or a copy where the file system has no links.
    private static func secondName(of source: URL, at target: URL) throws {
        guard POSIXFile.isFolder(source.path) else {
            if link(source.resolvingSymlinksInPath().path, target.path) != 0 {
                try POSIXFile.copy(source.path, to: target.path)
            }
            return
        }
        try POSIXFile.makeFolders(target.path)
        for name in try FileManager.default.contentsOfDirectory(atPath: source.path).sorted() {
            try secondName(of: source.appendingPathComponent(name), at: target.appendingPathComponent(name))
        }
    }
}
