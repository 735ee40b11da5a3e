import Basics

/// A pattern of file names that carries facts: `seed{seed}_epoch{epoch}.safetensors`.
///
/// `{name}` stands for one or more characters other than "/" (digits alone for seed, epoch and step), the fewest that
/// let the rest fit; `*` for any number of them; `**/` for any folders, or none. In patterns with `{epoch}` or `{step}` names say which run they are
/// of by all else that identifies one, see `identity`.
public struct NamePattern: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case literal([UInt8])
        case fact(String)
        case anything
        /// Any number of folders, each with the slash after it.
        case folders
    }

    /// What a name says.
    struct Match: Hashable {
        /// Facts by name, those of the step included.
        var facts: [String: ColumnValue]
        /// How facts are written that are numbers, where we would write them otherwise.
        var spellings: [String: String]
        /// What is equal for checkpoints of one run, where the pattern has an epoch or a step.
        var run: String?
        /// The step, or the epoch in patterns without one.
        var step: Int?
    }

    /// The pattern as it was given.
    public let text: String
    private let pieces: [Piece]
    /// What orders the checkpoints of a run, the finest first.
    private static let steps = ["step", "epoch"]
    private static let numbers: Set<String> = ["epoch", "step", "seed"]
    private static let mostPieces = 32

    /// How many folders `**/` stands for at most.
    private static let deepest = 8

    /// How many folders deep the names reach.
    var depth: Int {
        text.utf8.count { $0 == UInt8(ascii: "/") } + (pieces.contains(.folders) ? Self.deepest : 0)
    }
    /// Whether names carry an epoch or a step.
    var hasStep: Bool { Self.steps.contains { pieces.contains(.fact($0)) } }

    /// Reads a pattern; throws `.configuration` where braces do not pair, a name stands twice or placeholders touch.
    public init(_ text: String) throws {
        self.text = text
        pieces = try Self.pieces(text)
    }

    /// A pattern in which `*` alone is special and braces stand for themselves.
    init(wildcard text: String) {
        self.text = text
        pieces = text.split(separator: "*", omittingEmptySubsequences: false).map { Piece.literal(Array($0.utf8)) }
            .flatMap { [.anything, $0] }.dropFirst().filter { $0 != .literal([]) }
    }

    private static func pieces(_ text: String) throws -> [Piece] {
        func refuse(_ found: String) -> DataError {
            DataError(
                .configuration, path: "--pattern", expected: "a pattern such as \"seed{seed}_epoch{epoch}.pt\"",
                found: "\(found) in \"\(text)\"")
        }
        var pieces: [Piece] = []
        var rest = Substring(text)
        while let first = rest.first {
            switch first {
            case "{":
                guard let end = rest.firstIndex(of: "}") else { throw refuse("a { without }") }
                let name = String(rest[rest.index(after: rest.startIndex)..<end])
                let isName = !name.isEmpty && name.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
                guard isName else { throw refuse("the name \"\(name)\"") }
                guard !pieces.contains(.fact(name)) else { throw refuse("{\(name)} twice") }
                pieces.append(.fact(name))
                rest = rest[rest.index(after: end)...]
            case "}": throw refuse("a } without {")
            case "*" where rest.hasPrefix("**"):
                guard rest.hasPrefix("**/"), pieces.isEmpty || text[..<rest.startIndex].hasSuffix("/") else {
                    throw refuse("a ** that is not a folder of its own (**/)")
                }
                pieces.append(.folders)
                rest = rest.dropFirst(3)
            case "*":
                pieces.append(.anything)
                rest = rest.dropFirst()
            default:
                let literal = rest.prefix { !"{}*".contains($0) }
                pieces.append(.literal(Array(literal.utf8)))
                rest = rest[literal.endIndex...]
            }
        }
        let isWord = pieces.map { piece in
            switch piece {
            case .fact, .anything: true
            case .literal, .folders: false
            }
        }
        guard zip(isWord, isWord.dropFirst()).allSatisfy({ !($0 && $1) }) else {
            throw refuse("two placeholders that touch")
        }
        guard !pieces.isEmpty, pieces.count <= mostPieces else { throw refuse("\(pieces.count) parts") }
        return pieces
    }

    /// What a name says, or nil where it does not fit.
    func match(_ name: String) -> Match? {
        let bytes = Array(name.utf8)
        guard let ends = ends(bytes) else { return nil }
        let words = zip([0] + ends, ends).map { String(decoding: bytes[$0..<$1], as: UTF8.self) }
        var match = Match(facts: [:], spellings: [:])
        for case (.fact(let fact), let word) in zip(pieces, words) {
            if Self.numbers.contains(fact), Int(word) == nil, UInt64(word) == nil { return nil }
            match.facts[fact] = ColumnValue(parsing: word)
            match.spellings[fact] = match.facts[fact]?.otherSpelling(word)
        }
        guard let step = Self.steps.first(where: { match.facts[$0] != nil }) else { return match }
        match.run = identity(words)
        match.step = match.facts[step]?.integer.flatMap { Int(exactly: $0) }
        return match
    }

    /// A name without what differs between the checkpoints of a run: epoch and step, what was measured, and what `*`
    /// stands for, but where it is of a folder's name that holds neither epoch nor step.
    private func identity(_ words: [String]) -> String {
        var identity = ""
        for (index, word) in words.enumerated() {
            switch pieces[index] {
            case .literal, .folders: identity += word
            case .anything: if isOfPlainFolder(index) { identity += word }
            case .fact(let name):
                let isOther = Self.steps.contains(name) || (Self.isMeasurement(name) && Double(word) != nil)
                if !isOther { identity += word }
            }
        }
        return identity
    }

    /// Whether a piece is of the name of a folder that holds neither epoch nor step.
    private func isOfPlainFolder(_ index: Int) -> Bool {
        func divides(_ piece: Piece) -> Bool {
            switch piece {
            case .literal(let bytes): bytes.contains(UInt8(ascii: "/"))
            case .folders: true
            case .fact, .anything: false
            }
        }
        let first = pieces[..<index].lastIndex(where: divides) ?? 0
        guard let end = pieces[index...].firstIndex(where: divides) else { return false }
        return !pieces[first..<end].contains { piece in Self.steps.contains { piece == .fact($0) } }
    }

    /// Whether a fact is measured on a network, as `test_accuracy`, `val_loss` and `top1` are, and names no run.
    private static func isMeasurement(_ name: String) -> Bool {
        name.lowercased().split(separator: "_").contains { word in
            measurements.contains(String(word.reversed().drop { $0.isNumber }.reversed()))
        }
    }

    private static let measurements: Set<String> = [
        "accuracy", "acc", "loss", "error", "err", "top", "score", "auc", "perplexity", "ppl", "mse", "rmse", "mae",
    ]

    /// Where each piece of a name ends: the earliest ends that let all of it fit.
    private func ends(_ bytes: [UInt8]) -> [Int]? {
        // fits[piece][start]: whether the pieces from this one on take all bytes from `start` on.
        var fits = [[Bool]](
            repeating: [Bool](repeating: false, count: bytes.count + 1), count: pieces.count + 1)
        fits[pieces.count][bytes.count] = true
        for piece in pieces.indices.reversed() {
            for start in 0...bytes.count {
                fits[piece][start] = candidates(pieces[piece], bytes, start).contains {
                    fits[piece + 1][$0] && isEnd($0, of: pieces[piece], bytes, start)
                }
            }
        }
        guard fits[0][0] else { return nil }
        var ends: [Int] = []
        for piece in pieces.indices {
            let start = ends.last ?? 0
            let end = candidates(pieces[piece], bytes, start).first {
                fits[piece + 1][$0] && isEnd($0, of: pieces[piece], bytes, start)
            }
            guard let end else { return nil }
            ends.append(end)
        }
        return ends
    }

    /// Where a piece that begins at `start` may end, rising.
    private func candidates(_ piece: Piece, _ bytes: [UInt8], _ start: Int) -> Range<Int> {
        let rest = bytes[start...]
        switch piece {
        case .literal(let literal):
            let end = start + literal.count
            return rest.starts(with: literal) ? end..<end + 1 : start..<start
        case .fact(let name):
            let isNumber = Self.numbers.contains(name)
            let length = rest.prefix { isNumber ? (0x30...0x39).contains($0) : $0 != UInt8(ascii: "/") }.count
            return start + 1..<start + 1 + length
        case .anything:
            return start..<start + 1 + rest.prefix { $0 != UInt8(ascii: "/") }.count
        case .folders:
            return start..<bytes.count + 1
        }
    }

    /// Whether a candidate is one: folders end with their slash.
    private func isEnd(_ end: Int, of piece: Piece, _ bytes: [UInt8], _ start: Int) -> Bool {
        guard case .folders = piece, end > start else { return true }
        return bytes[end - 1] == UInt8(ascii: "/")
    }
}
