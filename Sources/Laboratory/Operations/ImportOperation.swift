import Foundation
import ModelZoo
import Networks

/// Brings networks of another format into a zoo file.
public struct ImportOperation {
    /// The file or folder to read.
    public let source: String
    /// The zoo file to write.
    public let out: URL
    /// What the networks look like: JSON or YAML on one line, or a file of it; nil takes the source's own layout.
    public var architecture: String?
    /// How the source is opened.
    public var sources = ZooSources()
    /// Sets what else is chosen: what is left out, what is done with checkpoints.
    public var adjust: (inout ZooImport) -> Void = { _ in }

    /// Describes the work.
    public init(source: String, out: URL) {
        self.source = source
        self.out = out
    }

    /// Reads and writes; throws `DataError`, and nothing is written then.
    public func execute(_ reporter: any ProgressReporter) throws -> ZooImport.Report {
        try OutputFile.check(out)
        var work = try architecture.map { try Self.description($0) } ?? ZooImport()
        adjust(&work)
        var path = source
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        let opened = try sources.open(path)
        let total = opened.total
        let report = try work.write(opened, root: path, to: out.path) { done in
            if let total { reporter.update("reading networks", done: done, total: total) }
            try Interruption.check("reading networks", hint: OutputFile.interrupted)
        }
        return report
    }

    /// What `--architecture` says: the text itself where it is a description, else the file of that name, YAML or JSON.
    static func description(_ text: String) throws -> ZooImport {
        let isInline = text.drop { $0 == " " }.hasPrefix("{")
        let place = isInline ? "--architecture" : text
        let content = isInline ? text : try readText(text)
        let tree = try YAMLReader.read(content, file: place).tree
        return try ZooImport(description: Data(tree.json.text().utf8), place: place)
    }

    private static func readText(_ path: String) throws -> String {
        let file = try FileBytes(path: path)
        guard file.count <= YAMLReader.maximumBytes,
            let text = String(validating: try file.read(0..<file.count), as: UTF8.self)
        else {
            throw DataError(
                .configuration, path: path, expected: "a description of an architecture in YAML or JSON",
                found: "\(file.count) bytes that are none",
                hint: "write it out: --architecture '{\"kind\":\"mlp\",...}'")
        }
        return text
    }
}
