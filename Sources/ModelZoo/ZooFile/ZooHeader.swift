import Basics
import Foundation
import Networks

/// What a zoo file says of all its networks: the attributes of its root.
public struct ZooHeader: Hashable, Sendable {
    /// The value of the attribute `format`.
    public static let format = "weightspace-zoo"
    /// The value of the attribute `version`.
    public static let version = 1
    /// What `createdWith` says of files written by this library.
    public static let creator = "weightspace 1"

    /// The networks' family, where it is one that we know.
    public let architecture: Architecture?
    /// Where every tensor lies in a row of weights (D) and of buffers (Bf).
    public let layout: ParameterLayout
    /// The data set the networks were trained on, where known.
    public let dataset: ZooDataset?
    /// The attribute `tasks` of a multi-task zoo, kept as JSON text.
    public let tasks: String?
    /// The program that made the file, and what it did to the networks besides; never a date.
    public var createdWith: String
    /// The steps that led to the networks, where they are recorded.
    public var provenance: Provenance?
    /// The tensors' names in the state dict that the networks came from, where they are recorded.
    public var names: ZooNames?

    /// Describes a zoo of a known architecture.
    public init(
        architecture: Architecture, dataset: ZooDataset? = nil, tasks: String? = nil,
        createdWith: String = ZooHeader.creator
    ) {
        self.init(
            checked: architecture, layout: architecture.layout, dataset: dataset, tasks: tasks,
            createdWith: createdWith)
    }

    /// Describes a zoo of which only the layout is known.
    public init(
        layout: ParameterLayout, dataset: ZooDataset? = nil, tasks: String? = nil,
        createdWith: String = ZooHeader.creator
    ) {
        self.init(checked: nil, layout: layout, dataset: dataset, tasks: tasks, createdWith: createdWith)
    }

    init(
        checked architecture: Architecture?, layout: ParameterLayout, dataset: ZooDataset?, tasks: String?,
        createdWith: String
    ) {
        self.architecture = architecture
        self.layout = layout
        self.dataset = dataset
        self.tasks = tasks
        self.createdWith = createdWith
    }
}

extension ZooHeader {
    /// The same with one more step in the account of where the networks come from.
    package func adding(_ step: Provenance.Step) -> ZooHeader {
        var header = self
        header.provenance = provenance.adding(step)
        return header
    }

    /// Reads and checks the root's attributes, and how rows lie: by the file's layout, or without one in the
    /// architecture's order, which is that of the computation. Throws `.malformed` naming the attribute.
    static func read(from file: borrowing HDF5File) throws -> (header: ZooHeader, order: RowOrder) {
        let path = file.path
        let format = try file.text(attribute: "format")
        guard format == Self.format else {
            throw DataError(
                .malformed, path: path, expected: "a zoo file (attribute format = \"\(Self.format)\")",
                found: format.map { "format = \"\($0)\"" } ?? "HDF5 without that attribute",
                hint: format == VirtualZoo.format
                    ? "it shows a sharded zoo to other programs; name the folder of the shards"
                    : "Documentation/ZOO.md says what a zoo file holds")
        }
        let version = try file.integer(attribute: "version")
        guard version == Self.version else {
            throw DataError(
                .malformed, path: path, expected: "zoo file version \(Self.version)",
                found: version.map { "version \($0)" } ?? "no attribute version",
                hint: "a newer weightspace may read it")
        }
        let described: Architecture? = try Self.json("architecture", in: file) { text in
            // A word alone is a kind with its usual extents.
            text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" } ? "{\"kind\":\"\(text)\"}" : text
        }
        let stored: ParameterLayout? = try Self.json("layout", in: file)
        let architecture = described.map { $0.form(of: stored) }
        guard let layout = architecture?.layout ?? stored else {
            throw DataError(
                .malformed, path: path, expected: "an attribute architecture or layout", found: "neither")
        }
        var order = RowOrder.same
        if let stored, !stored.matches(layout) {
            guard let found = RowOrder(of: stored, for: layout) else {
                throw DataError(
                    .malformed, path: "\(path): attribute layout",
                    expected: "the tensors of the architecture: \(layout.brief)", found: stored.brief)
            }
            order = found
        }
        guard layout.count > 0 else {
            throw DataError(.malformed, path: "\(path): attribute layout", expected: "parameters", found: "none")
        }
        let tasks = try file.text(attribute: "tasks")
        if let tasks, (try? JSONSerialization.jsonObject(with: Data(tasks.utf8))) == nil {
            throw DataError(.malformed, path: "\(path): attribute tasks", expected: "JSON", found: "text that is none")
        }
        var header = ZooHeader(
            checked: architecture, layout: layout, dataset: try Self.json("dataset", in: file), tasks: tasks,
            createdWith: try file.text(attribute: "created_with") ?? "")
        header.provenance = try Self.json("provenance", in: file)
        header.names = try Self.json("names", in: file)
        if let problem = header.names?.problem(for: layout) {
            throw DataError(
                .malformed, path: "\(path): attribute names", expected: "a name for every slot of the layout",
                found: problem)
        }
        return (header, order)
    }

    /// Writes the root's attributes; JSON with sorted keys.
    func write(to file: borrowing HDF5File, format: String = Self.format) throws {
        try file.write(text: format, attribute: "format")
        try file.write(integer: Self.version, attribute: "version")
        try file.write(text: createdWith, attribute: "created_with")
        if let architecture { try file.write(text: Self.text(architecture), attribute: "architecture") }
        try file.write(text: Self.text(layout), attribute: "layout")
        if let dataset { try file.write(text: Self.text(dataset), attribute: "dataset") }
        if let tasks { try file.write(text: tasks, attribute: "tasks") }
        if let names { try file.write(text: Self.text(names), attribute: "names") }
        if let provenance { try file.write(text: Self.text(provenance), attribute: "provenance") }
    }

    /// Compact JSON, keys sorted, slashes as they are.
    package static func text(_ value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    private static func json<Value: Decodable>(
        _ name: String, in file: borrowing HDF5File, _ adjusted: (String) -> String = { $0 }
    ) throws -> Value? {
        guard let text = try file.text(attribute: name).map(adjusted) else { return nil }
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw DataError(
                .malformed, path: "\(file.path): attribute \(name)", expected: "a description of the \(name) in JSON",
                found: DecodingError.reason(of: error))
        }
    }
}

extension ParameterLayout {
    /// One line for messages: D, Bf and the slots' names and shapes.
    package var brief: String {
        let names = slots.prefix(4).map { "\($0.name) \($0.shape)" }.joined(separator: ", ")
        let buffers = bufferCount > 0 ? ", \(bufferCount) buffer elements" : ""
        return "D = \(count)\(buffers), \(slots.count) slots: \(names)" + (slots.count > 4 ? ", ..." : "")
    }

    /// The name of the slot that element `index` of a row lies in.
    func slotName(at index: Int) -> String {
        slots.first { $0.range.contains(index) }?.name ?? "element \(index)"
    }
}

extension Architecture {
    /// The same network with its slots as in `stored`, where files were once written in that order.
    func form(of stored: ParameterLayout?) -> Architecture {
        guard let stored, !stored.matches(layout) else { return self }
        return config.formerForms.map { Architecture($0) }.first { $0.layout.matches(stored) } ?? self
    }
}
