/// The names that a library, or everybody's favourite repository, gives the tensors of an architecture: one table.
///
/// A line is our name and theirs. `#` stands for a number and a trailing `*` for whatever follows; both say the same on
/// either side. Names that no line fits are the same in both. Shapes and the order of axes are the same too.
public struct NameScheme: Hashable, Sendable {
    /// What the scheme is called, as on the command line: "timm".
    public let name: String
    /// What a person should know of files with these names, where they are read alone and not written: their tensors are
    /// cut in another way.
    public private(set) var reading: String?
    private let lines: [Line]

    /// A line of the table, split at its numbers.
    private struct Line: Hashable, Sendable {
        let ours: Pattern
        let theirs: Pattern
    }

    /// A scheme of a table of names, ours first.
    public init(_ name: String, _ table: KeyValuePairs<String, String>, reading: String? = nil) {
        (self.name, self.reading) = (name, reading)
        lines = table.map { Line(ours: Pattern($0.key), theirs: Pattern($0.value)) }
    }

    /// Our name for a tensor of theirs.
    public func ours(_ name: String) -> String {
        for line in lines {
            if let parts = line.theirs.match(name) { return line.ours.filled(parts) }
        }
        return name
    }

    /// Their name for a tensor of ours.
    public func theirs(_ name: String) -> String {
        for line in lines {
            if let parts = line.ours.match(name) { return line.theirs.filled(parts) }
        }
        return name
    }

    /// A name with places for numbers and for an ending.
    private struct Pattern: Hashable, Sendable {
        /// The texts between numbers.
        let texts: [String]
        let hasEnding: Bool

        init(_ text: String) {
            hasEnding = text.hasSuffix("*")
            texts = (hasEnding ? text.dropLast() : text[...])
                .split(separator: "#", omittingEmptySubsequences: false).map(String.init)
        }

        /// The numbers of a name and its ending; nil where the pattern does not fit.
        func match(_ name: String) -> [Substring]? {
            var rest = name[...]
            var parts: [Substring] = []
            for (index, text) in texts.enumerated() {
                if index > 0 {
                    let digits = rest.prefix { $0.isASCII && $0.isNumber }
                    guard !digits.isEmpty else { return nil }
                    parts.append(digits)
                    rest = rest.dropFirst(digits.count)
                }
                guard rest.hasPrefix(text) else { return nil }
                rest = rest.dropFirst(text.count)
            }
            guard hasEnding || rest.isEmpty else { return nil }
            return parts + [rest]
        }

        /// The name with these numbers and ending.
        func filled(_ parts: [Substring]) -> String {
            var name = ""
            for (index, text) in texts.enumerated() { name += (index > 0 ? String(parts[index - 1]) : "") + text }
            return name + (hasEnding ? String(parts[parts.count - 1]) : "")
        }
    }
}

extension NameScheme {
    /// PyTorch's `nn.Sequential`: modules are counted, with those that have no tensors.
    ///
    /// - modules: our name of every module that has tensors, with its place.
    public static func sequential(_ modules: [(ours: String, place: Int)]) -> NameScheme {
        NameScheme("pytorch", lines: modules.map { ("\($0.ours).*", "\($0.place).*") })
    }

    /// A scheme of lines that were made.
    init(_ name: String, lines: [(String, String)]) {
        self.name = name
        self.lines = lines.map { Line(ours: Pattern($0.0), theirs: Pattern($0.1)) }
    }
}
