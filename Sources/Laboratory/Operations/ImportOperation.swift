import Basics
import Formats
import Foundation
import ModelZoo
import Networks

/// Brings networks of another format into a zoo file.
public struct ImportOperation {
    /// The file or folder to read.
    public let source: String
    /// The zoo file to write.
    public let out: URL
    /// Whether a file that is there already is replaced.
    public var replaces = false
    /// What the networks look like: JSON or YAML on one line, or a file of it; nil takes the source's own layout.
    public var architecture: String?
    /// The data set that the networks were trained on: a name, or a description on one line or in a YAML or JSON file.
    public var dataset: String?
    /// Where data sets are.
    public var catalog = DatasetCatalog(folders: [])
    /// How the source is opened.
    public var sources = ZooSources()
    /// Sets what else is chosen: what is left out, what is done with checkpoints.
    public var adjust: (inout ZooImport) -> Void = { _ in }

    /// Prepares to bring the file or folder `source` into a zoo file; nothing is read yet.
    public init(source: String, out: URL) {
        self.source = source
        self.out = out
    }

    /// Reads and writes; throws `DataError`, and nothing is written then.
    public func execute(_ reporter: any ProgressReporter) throws -> ZooImport.Report {
        let descriptions = [architecture, dataset].compactMap { $0 }.filter {
            !Self.isInline($0) && !Architecture.kinds.contains($0) && Self.widths($0) == nil
        }
        try OutputFile.check(out, reading: [source] + descriptions, replacing: replaces)
        var work = try architecture.map { try Self.description($0) } ?? ZooImport()
        if let dataset {
            let described = try described(dataset, for: work.architecture)
            work.dataset = described
            if work.architecture == nil { work.sampleSize = try catalog.load(described).train.featureCount }
        }
        adjust(&work)
        var path = source
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        let opened = try sources.open(path)
        work.provenance = Provenance([.init("zoo import", parents: try Self.parent(path).map { [$0] } ?? [])])
        var report = try work.write(
            opened, root: path, to: out.path,
            progress: reporter.progress("reading networks", hint: OutputFile.interrupted))
        if work.dataset != nil { try check(&report) }
        return report
    }

    /// What provenance says of a source: the checksum of a file, of a folder that of all files' in the order of their names.
    private static func parent(_ path: String) throws -> Provenance.Parent? {
        guard POSIXFile.isFolder(path) else {
            return (try? SHA256.hexDigest(ofFile: path)).map { Provenance.Parent("file", sha256: $0) }
        }
        let names = (FileManager.default.enumerator(atPath: path)?.compactMap { $0 as? String } ?? []).sorted()
        let lines = names.compactMap { name in
            (try? SHA256.hexDigest(ofFile: "\(path)/\(name)")).map { "\($0)  \(name)\n" }
        }
        let digest = Array(lines.joined().utf8).withUnsafeBytes { SHA256.digest(of: $0) }
        return lines.isEmpty ? nil : Provenance.Parent("folder", sha256: SHA256.hex(digest))
    }

    /// Says what was assumed of the data, how right the first networks are on it, and what is doubtful about that. Nothing
    /// where no architecture is known: a note says already that nothing can be run without.
    private func check(_ report: inout ZooImport.Report) throws {
        do {
            let reader = try ZooReader(path: out.path)
            guard reader.header.architecture != nil else { return }
            let check = try PreparationCheck(reader, catalog: catalog)
            report.data = check
            report.notes.append(check.description)
            report.warnings += check.warnings
        } catch let error as DataError {
            report.warnings.append("whether the networks fit the data could not be checked: \(error)")
        }
    }

    /// What `--architecture` says: the text itself where it is a description, else the file of that name, YAML or JSON.
    ///
    /// A word that names no file is a kind of architecture with its usual extents.
    static func description(_ text: String) throws -> ZooImport {
        if let description = try kind(text) { return try ZooImport(description: description, place: "--architecture") }
        let (json, place) = try tree(text, option: "--architecture", what: "an architecture")
        return try ZooImport(description: json, place: place)
    }

    /// The description of a kind that is named by a word; nil where the text is none. Throws where the word is none.
    private static func kind(_ text: String) throws -> Data? {
        if let widths = widths(text) { return Data("{\"kind\":\"mlp\",\"widths\":[\(widths)]}".utf8) }
        let isWord = !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" || $0 == "_" }
        guard isWord, !FileManager.default.fileExists(atPath: text) else { return nil }
        guard Architecture.kinds.contains(text) else {
            let nearest = Nearest.match(text.lowercased(), among: Architecture.kinds)
            let near = nearest.map { "did you mean \($0)? " } ?? ""
            throw DataError(
                nearest == nil ? .missing : .configuration, path: "--architecture",
                expected: "a kind, a description or a file of one",
                found: "\(text), which is none", hint: near + "weightspace architectures lists the kinds")
        }
        return Data(Tree.map(["kind": .string(text)]).text().utf8)
    }

    /// The widths of an MLP that is written as these alone, 64,32,10; nil where the text is something else.
    private static func widths(_ text: String) -> String? {
        let parts = text.split(separator: ",", omittingEmptySubsequences: false).map { $0.filter { $0 != " " } }
        guard parts.count > 1, parts.allSatisfy({ !$0.isEmpty && $0.count < 10 && $0.allSatisfy(\.isNumber) }),
            !FileManager.default.fileExists(atPath: text)
        else { return nil }
        return parts.joined(separator: ",")
    }

    /// What `--dataset` says, a description or a name; throws `DataError` where its samples do not fit the networks.
    private func described(_ text: String, for architecture: Architecture?) throws -> ZooDataset {
        let dataset = try DatasetDescription(option: text).recorded(in: catalog, outputs: architecture?.outputs)
        guard let architecture else { return dataset }
        let split = try catalog.load(dataset, outputs: architecture.outputs)
        try Self.check(dataset, inputs: split.train.featureCount, architecture)
        try architecture.check(fits: split, path: "--dataset")
        return dataset
    }

    /// Throws `.malformed` naming the columns of a table that are not as many as the networks have inputs.
    private static func check(_ dataset: ZooDataset, inputs: Int, _ architecture: Architecture) throws {
        guard inputs != architecture.input.count, let names = dataset.features, let first = names.first,
            let last = names.last
        else { return }
        throw DataError(
            .malformed, path: "--dataset",
            problem: "the table has \(inputs) columns besides the class ('\(first.printable(limit: 30))' to "
                + "'\(last.printable(limit: 30))'), and the networks have \(architecture.input.count) inputs",
            hint:
                "the class is '\(dataset.label?.printable(limit: 30) ?? "")': \"label\" says another; leave columns out "
                + "that are no inputs")
    }

    static func isInline(_ text: String) -> Bool { text.drop { $0 == " " }.hasPrefix("{") }

    /// What an option says as JSON, and where it stands: the text itself, or the file of that name, YAML or JSON.
    static func tree(_ text: String, option: String, what: String) throws -> (json: Data, place: String) {
        let place = isInline(text) ? option : text
        let content = isInline(text) ? text : try readText(text, what)
        let tree = try YAMLReader.read(content, file: place).tree
        // JSON has no other numbers: they would be dropped on the way.
        for (path, value) in tree.leaves {
            guard case .number(let number) = value, !number.isFinite else { continue }
            throw DataError(.configuration, path: place, expected: "a finite number for \(path)", found: "\(number)")
        }
        return (Data(tree.text().utf8), place)
    }

    private static func readText(_ path: String, _ what: String) throws -> String {
        let file = try RegularFile(path: path)
        guard file.count <= YAMLReader.maximumBytes,
            let text = String(validating: try file.read(0..<file.count), as: UTF8.self)
        else {
            throw DataError(
                .configuration, path: path, expected: "a description of \(what) in YAML or JSON",
                found: "\(file.count) bytes that are none",
                hint: "write it out on the command line, in braces")
        }
        return text
    }
}

extension DatasetDescription {
    /// What `--dataset` says: a description in braces or in a YAML or JSON file, the name of a known data set, or the path
    /// of a file. Throws `DataError` for what is no description.
    public init(option text: String) throws {
        guard ImportOperation.isInline(text) || [".yaml", ".yml", ".json"].contains(where: { text.hasSuffix($0) })
        else {
            self.init(name: text)
            return
        }
        let (json, place) = try ImportOperation.tree(text, option: "--dataset", what: "a data set")
        try self.init(json: json, place: place)
    }
}
