import Networks

/// A pattern of file names that carries facts: `seed{seed}_epoch{epoch}.safetensors`.
///
/// `{name}` stands for one or more characters other than "/" (digits alone for seed, epoch and step), the fewest that
/// let the rest fit; `*` for any number of them. Checkpoints that differ in `{epoch}` (or `{step}`) alone are of one
/// run.
public struct NamePattern: Sendable, Hashable {
    private enum Piece: Sendable, Hashable {
        case literal([UInt8])
        case fact(String)
        case anything
    }

    /// What a name says.
    struct Match: Hashable {
        /// Facts by name, those of the step included.
        var facts: [String: ZooFact]
        /// The name with the step left out, where the pattern has one: equal for checkpoints of one run.
        var run: String?
        var step: Int?
    }

    /// The pattern as it was given.
    public let text: String
    private let pieces: [Piece]
    private static let steps: Set<String> = ["epoch", "step"]
    private static let numbers: Set<String> = ["epoch", "step", "seed"]
    private static let mostPieces = 32

    /// How many folders deep the names reach.
    var depth: Int { text.utf8.count { $0 == UInt8(ascii: "/") } }
    /// Whether names carry an epoch or a step.
    var hasStep: Bool { pieces.contains { if case .fact(let name) = $0 { Self.steps.contains(name) } else { false } } }

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
            case "*":
                pieces.append(.anything)
                rest = rest.dropFirst()
            default:
                let literal = rest.prefix { !"{}*".contains($0) }
                pieces.append(.literal(Array(literal.utf8)))
                rest = rest[literal.endIndex...]
            }
        }
        let isWord = pieces.map { if case .literal = $0 { false } else { true } }
        guard zip(isWord, isWord.dropFirst()).allSatisfy({ !($0 && $1) }) else {
            throw refuse("two placeholders that touch")
        }
        guard !pieces.isEmpty, pieces.count <= mostPieces else { throw refuse("\(pieces.count) parts") }
        guard pieces.count(where: { steps.map { Piece.fact($0) }.contains($0) }) <= 1 else {
            throw refuse("both {epoch} and {step}")
        }
        return pieces
    }

    /// What a name says, or nil where it does not fit.
    func match(_ name: String) -> Match? {
        let bytes = Array(name.utf8)
        guard let ends = ends(bytes) else { return nil }
        var match = Match(facts: [:])
        var run = ""
        var start = 0
        for (piece, end) in zip(pieces, ends) {
            let word = String(decoding: bytes[start..<end], as: UTF8.self)
            start = end
            guard case .fact(let fact) = piece else {
                run += word
                continue
            }
            if Self.numbers.contains(fact), Int(word) == nil, UInt64(word) == nil { return nil }
            match.facts[fact] = ZooFact(parsing: word)
            if Self.steps.contains(fact) { match.step = Int(word) } else { run += word }
        }
        if hasStep { match.run = run }
        return match
    }

    /// Where each piece of a name ends: the earliest ends that let all of it fit.
    private func ends(_ bytes: [UInt8]) -> [Int]? {
        // fits[piece][start]: whether the pieces from this one on take all bytes from `start` on.
        var fits = [[Bool]](
            repeating: [Bool](repeating: false, count: bytes.count + 1), count: pieces.count + 1)
        fits[pieces.count][bytes.count] = true
        for piece in pieces.indices.reversed() {
            for start in 0...bytes.count {
                fits[piece][start] = candidates(pieces[piece], bytes, start).contains { fits[piece + 1][$0] }
            }
        }
        guard fits[0][0] else { return nil }
        var ends: [Int] = []
        for piece in pieces.indices {
            guard let end = candidates(pieces[piece], bytes, ends.last ?? 0).first(where: { fits[piece + 1][$0] })
            else { return nil }
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
        }
    }
}
