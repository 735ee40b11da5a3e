import Basics
import Foundation

/// Files of a folder that are others once more: links to them, and the copies that editors, browsers and people leave
/// (`seed2.pt~`, `seed1.pt.bak`, `seed1 copy.pt`, `seed1 (1).pt`).
struct FolderCopies {
    /// The files without copies of others.
    private(set) var files: [FolderFile] = []
    /// What was passed over, and what looks like one of the others.
    private(set) var notes: [String] = []

    /// Sorts out the files of a folder. A pattern says which names are meant: then links alone are left out.
    init(_ all: [FolderFile], in folder: String, hasPattern: Bool) {
        func short(_ path: String) -> String {
            path.hasPrefix("\(folder)/") ? String(path.dropFirst(folder.count + 1)) : path
        }
        let names = Set(all.map(\.name))
        // A file's own name counts before those of links to it.
        let ordered = all.indices.sorted {
            (Self.isLink(all[$0].path) ? 1 : 0, $0) < (Self.isLink(all[$1].path) ? 1 : 0, $1)
        }
        var known: [FileNode: String] = [:]
        var left: [Int: String] = [:]
        for index in ordered where all[index].paths.count == 1 {
            let file = all[index]
            if !hasPattern, let original = Self.original(file.name), original != file.name, names.contains(original) {
                left[index] = "\(short(file.name)), a copy of \(short(original)) by its name"
            } else if let identity = FileNode(file.path) {
                if let other = known[identity] {
                    left[index] = "\(short(file.name)), a link to \(short(other))"
                } else {
                    known[identity] = file.path
                }
            }
        }
        files = all.indices.filter { left[$0] == nil }.map { all[$0] }
        let texts = all.indices.compactMap { left[$0] }
        if !texts.isEmpty {
            notes.append(
                "\(texts.count) file\(texts.count == 1 ? " is" : "s are") read already under another name and "
                    + "\(texts.count == 1 ? "was" : "were") passed over: \(texts.shownFirst(3))")
        }
        if let note = Self.chosen(files.map { short($0.name) }) { notes.append(note) }
    }

    private static func isLink(_ path: String) -> Bool {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil
    }

    /// The name of the file that one is a copy of by its name; nil where it is called like none.
    static func original(_ path: String) -> String? {
        let start = path.lastIndex(of: "/").map { path.index(after: $0) } ?? path.startIndex
        let (folder, name) = (path[..<start], String(path[start...]))
        if let whole = withoutBackup(name) { return folder + whole }
        guard let dot = name.lastIndex(of: "."), dot > name.startIndex else { return nil }
        let (stem, ending) = (name[..<dot], name[dot...])
        guard let own = withoutCopy(String(stem)), !own.isEmpty else { return nil }
        return folder + own + ending
    }

    /// `net.pt` of `net.pt~`, `net.pt.~1~`, `net.pt.bak`, `#net.pt#`.
    private static func withoutBackup(_ name: String) -> String? {
        if name.hasPrefix("#"), name.hasSuffix("#"), name.count > 2 { return String(name.dropFirst().dropLast()) }
        if name.hasSuffix("~") {
            let stem = name.prefix { $0 != "~" }
            return String(name.contains(".~") && stem.hasSuffix(".") ? stem.dropLast() : stem)
        }
        for ending in [".bak", ".backup", ".old", ".orig", ".copy", ".tmp", ".save"]
        where name.lowercased().hasSuffix(ending) {
            return String(name.dropLast(ending.count))
        }
        return nil
    }

    /// `net` of `net copy`, `net - Copy (2)`, `net(1)`, `Copy of net`, `net_backup`, `net.bak`.
    private static func withoutCopy(_ stem: String) -> String? {
        var rest = Substring(stem)
        if let open = rest.lastIndex(of: "("), rest.last == ")", !rest[open...].dropFirst().dropLast().isEmpty,
            rest[open...].dropFirst().dropLast().allSatisfy(\.isNumber)
        {
            rest = rest[..<open]
        }
        while rest.last == " " { rest.removeLast() }
        let lower = rest.lowercased()
        if lower.hasPrefix("copy of ") { return String(rest.dropFirst(8)) }
        // macOS counts its copies: "net copy 2".
        let counted = lower.split(separator: " ")
        if counted.count > 2, counted[counted.count - 2] == "copy", counted[counted.count - 1].allSatisfy(\.isNumber) {
            rest = rest.dropLast(counted[counted.count - 1].count + 6)
            return String(rest)
        }
        for word in ["copy", "backup", "bak", "old", "orig"] {
            for mark in [" - ", " ", "_", "-", "."] where lower.hasSuffix(mark + word) {
                return String(rest.dropLast(mark.count + word.count))
            }
        }
        return rest.count < stem.count ? String(rest) : nil
    }

    private static let choices: Set<String> = ["best", "last", "latest", "final", "current"]

    /// A word on a file that is called after what was chosen, beside ones that are counted: it is one of them as a rule.
    private static func chosen(_ names: [String]) -> String? {
        let areChosen = names.map { name in
            name.lowercased().split { !$0.isLetter }.contains { choices.contains(String($0)) }
        }
        let counted = zip(names, areChosen).filter { !$1 && $0.contains(where: \.isNumber) }
        let chosen = zip(names, areChosen).filter(\.1).map(\.0)
        guard !chosen.isEmpty, chosen.count * 2 <= counted.count else { return nil }
        return "\(chosen.shownFirst(3)) stand\(chosen.count == 1 ? "s" : "") beside numbered checkpoints, and by "
            + "\(chosen.count == 1 ? "its name is one" : "their names are some") of them: a zoo should have each network once "
            + "(--pattern chooses files)"
    }
}
