import Basics
import Foundation

/// What the folders below a folder hold: files of networks, and a pattern that reads them; or directories of Ray Tune.
struct FolderSearch {
    private static let deepest = 5
    private static let mostFiles = 20_000
    private static let mostFolders = 100
    /// How many kinds of names are looked into.
    private static let mostGroups = 16

    private let folder: String
    /// Files of one kind below the folder that hold networks, and the pattern that reads them.
    private var files: [String] = []
    private var pattern: String?
    /// Folders below that are directories of Ray Tune.
    private var experiments: [String] = []

    /// Looks at the folders below `folder`; `content` says what a file is. What cannot be read is passed over.
    init(below folder: String, content: (String) throws -> FolderFile.Content) {
        self.folder = folder
        let names = (try? FolderListing.names(in: folder)) ?? []
        guard names.contains(where: { FolderListing.isFolder("\(folder)/\($0)") }) else { return }
        experiments = names.prefix(Self.mostFolders).filter { name in
            FolderListing.isFolder("\(folder)/\(name)") && (try? RayTuneSource.isDirectory("\(folder)/\(name)")) == true
        }
        guard experiments.isEmpty else { return }
        let all = (try? FolderListing.files(in: folder, depth: Self.deepest, upTo: Self.mostFiles)) ?? []
        let below = all.filter { $0.contains("/") && ZooFormat.hasExtension($0) }
        var groups: [(key: String, files: [String])] = []
        var places: [String: Int] = [:]
        for file in below {
            let key = Self.kind(file)
            if let place = places[key] {
                groups[place].files.append(file)
            } else {
                places[key] = groups.count
                groups.append((key, [file]))
            }
        }
        // The largest kind counts; of equal ones safetensors before PyTorch's files, else the first.
        let ranked = groups.enumerated().sorted { one, other in
            (-one.element.files.count, Self.rank(one.element.files[0]), one.offset)
                < (-other.element.files.count, Self.rank(other.element.files[0]), other.offset)
        }
        for (_, group) in ranked.prefix(Self.mostGroups)
        where (try? content("\(folder)/\(group.files[0])")) == .networks {
            files = group.files
            pattern = Self.pattern(of: files)
            return
        }
    }

    /// What files that belong together share: how deep they stand, and their own names without numbers.
    private static func kind(_ file: String) -> String {
        let parts = file.split(separator: "/")
        return "\(parts.count) \(NaturalOrder.skeleton(parts.last.map(String.init) ?? ""))"
    }

    private static func rank(_ file: String) -> Int { file.hasSuffix(".safetensors") ? 0 : 1 }

    /// A note that folders below hold more networks; nil where they hold none.
    var note: String? {
        guard let pattern, let first = files.first else { return nil }
        return "the folders below hold \(files.count) more files of networks, such as \(first.printable()) "
            + "(--pattern \"\(pattern.printable())\" reads those)"
    }

    /// A complaint that a folder has no files of networks, or none that fit a pattern.
    func problem(pattern wanted: NamePattern?, names: [String]) -> DataError {
        let expected = wanted.map { "files named \"\($0.text)\"" } ?? "files of networks"
        if let first = experiments.first {
            return DataError(
                .malformed, path: folder, expected: expected,
                found: "\(experiments.count) directories of Ray Tune below it: \(experiments.shownFirst(3))",
                hint: "import one of them, such as \("\(folder)/\(first)".printable())")
        }
        if let pattern, let first = files.first, pattern != wanted?.text {
            return DataError(
                .malformed, path: folder, expected: expected,
                found:
                    "none in the folder itself, but \(files.count) in folders below it, such as \(first.printable())",
                hint: "--pattern \"\(pattern.printable())\" reads them")
        }
        return DataError(
            .malformed, path: folder, expected: expected, found: names.isEmpty ? "none" : names.shownFirst(),
            hint: names.isEmpty
                ? "PyTorch, safetensors, NumPy and HDF5 files are read"
                : wanted == nil ? "--pattern says which files to read" : "")
    }
}

extension FolderSearch {
    /// A pattern that files of one depth fit: numbers that differ become facts, named by the word before them, and
    /// parts that differ in more become *.
    static func pattern(of files: [String]) -> String? {
        let rows = files.map { $0.split(separator: "/").map(String.init) }
        guard let first = rows.first, rows.allSatisfy({ $0.count == first.count }) else { return nil }
        var used: Set<String> = []
        var parts = first.indices.map { place in part(rows.map { $0[place] }, &used) }
        if let shard = ShardName(files[0]), let name = shard.whole.split(separator: "/").last,
            let dot = name.lastIndex(of: ".")
        {
            parts[parts.count - 1] = "\(name[..<dot])-*\(name[dot...])"
        }
        let text = parts.joined(separator: "/")
        guard let pattern = try? NamePattern(text), files.allSatisfy({ pattern.match($0) != nil }) else {
            // Something in the names stands against facts: stars fit whatever there is.
            let stars = first.indices.map { place in
                let names = Set(rows.map { $0[place] })
                return names.count == 1 && !(names.first ?? "*").contains { "{}*".contains($0) }
                    ? names.first ?? "*" : "*"
            }.joined(separator: "/")
            let isFit = (try? NamePattern(stars)).map { pattern in files.allSatisfy { pattern.match($0) != nil } }
            return isFit == true ? stars : nil
        }
        return text
    }

    /// The pattern of one level of the names.
    private static func part(_ names: [String], _ used: inout Set<String>) -> String {
        guard Set(names).count > 1 else { return names.first ?? "" }
        let cut = names.map(pieces)
        guard let shape = cut.first,
            cut.allSatisfy({ $0.count == shape.count && zip($0, shape).allSatisfy { $0.isLike($1) } })
        else { return "*" + ending(of: names) }
        var text = ""
        var word = ""
        for (index, piece) in shape.enumerated() {
            guard piece.isNumber, Set(cut.map { $0[index].text }).count > 1 else {
                text += piece.text
                word = piece.isNumber ? "" : piece.text
                continue
            }
            let name = fact(after: word, isWhole: cut.allSatisfy { !$0[index].text.contains(".") })
            text += name.map { used.insert($0).inserted ? "{\($0)}" : "*" } ?? "*"
            word = ""
        }
        return text
    }

    /// What names end with from their last dot on, where they share it.
    private static func ending(of names: [String]) -> String {
        guard let first = names.first, let dot = first.lastIndex(of: ".") else { return "" }
        return names.allSatisfy { $0.hasSuffix(first[dot...]) } ? String(first[dot...]) : ""
    }

    private struct Piece {
        let text: String
        let isNumber: Bool

        /// Whether both are numbers, or the same text.
        func isLike(_ other: Piece) -> Bool { isNumber == other.isNumber && (isNumber || text == other.text) }
    }

    /// A name cut into numbers, which may have a fraction, and what is between them.
    private static func pieces(_ name: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = Substring(name)
        func isDigit(_ character: Character) -> Bool { ("0"..."9").contains(character) }
        while let first = rest.first {
            var part = rest.prefix { isDigit($0) == isDigit(first) }
            if isDigit(first) {
                let after = rest[part.endIndex...]
                let fraction = after.dropFirst().prefix(while: isDigit)
                if after.first == ".", !fraction.isEmpty { part = rest[..<fraction.endIndex] }
            }
            pieces.append(Piece(text: String(part), isNumber: isDigit(first)))
            rest = rest[part.endIndex...]
        }
        return pieces
    }

    private static let names = [
        "ep": "epoch", "e": "epoch", "epochs": "epoch", "checkpoint": "step", "ckpt": "step", "steps": "step",
        "iter": "step", "iteration": "step", "it": "step", "s": "seed", "rng": "seed",
    ]

    /// The fact that a number is, by the word before it; nil where there is none. What only a number can be is none
    /// where it has a fraction.
    private static func fact(after text: String, isWhole: Bool) -> String? {
        let words = text.lowercased().split { !$0.isLetter }
        guard let last = words.last.map(String.init) else { return nil }
        let isOf = words.dropLast().last.map { ["train", "val", "valid", "validation", "test"].contains($0) } ?? false
        let name = isOf ? words.suffix(2).joined(separator: "_") : names[last] ?? last
        return isWhole || !["seed", "epoch", "step"].contains(name) ? name : nil
    }
}
