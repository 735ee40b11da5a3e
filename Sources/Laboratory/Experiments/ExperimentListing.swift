import Basics
import Foundation

/// The experiments that can be run by name, and the folder that they are in.
public struct ExperimentListing: Sendable, Encodable {
    /// One experiment.
    public struct Entry: Sendable, Encodable {
        /// The name that `weightspace run` takes.
        public let name: String
        /// What it asks: the first sentence of its README.
        public let question: String
    }

    /// The experiments, sorted by name.
    public let experiments: [Entry]
    /// Folders that were looked in: those that hold some, or that might.
    public let folders: [String]

    /// The experiments of the current folder or one above it, else those that came with the program.
    public static func ofProcess() -> ExperimentListing {
        let folder = folder()
        let entries = ExperimentFile.known(in: folder).map { name in
            let readme = folder.appendingPathComponent("\(name)/README.md")
            let text = (try? String(contentsOf: readme, encoding: .utf8)).map { Experiment.question(in: $0) } ?? ""
            return Entry(name: name, question: firstSentence(text))
        }
        return ExperimentListing(experiments: entries, folders: [folder.path])
    }

    /// The folder `Experiments` of the current folder or one above it, else of one above the program.
    static func folder() -> URL {
        (try? ExperimentPaths.resolve("Experiments")) ?? URL(fileURLWithPath: "Experiments")
    }

    private static func firstSentence(_ text: String) -> String {
        let paragraph = text.components(separatedBy: "\n\n").first ?? ""
        let line = paragraph.split(whereSeparator: \.isNewline).joined(separator: " ")
        let end = line.indices.first { index in
            let next = line.index(after: index)
            return ".?".contains(line[index]) && (next == line.endIndex || line[next] == " ")
        }
        return end.map { String(line[...$0]) } ?? line
    }
}
