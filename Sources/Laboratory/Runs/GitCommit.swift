import Foundation

/// Reads the commit that is checked out from the files of git, without running it.
enum GitCommit {
    /// The commit of the checkout that holds `folder`, or nil where there is none or its files cannot be read.
    static func find(from folder: URL) -> String? {
        var folder = folder.standardizedFileURL
        while true {
            let git = folder.appendingPathComponent(".git")
            if FileManager.default.fileExists(atPath: git.path) { return head(of: git) }
            let parent = folder.deletingLastPathComponent()
            if parent.path == folder.path || folder.path.isEmpty { return nil }
            folder = parent
        }
    }

    private static func head(of git: URL) -> String? {
        // In a worktree or submodule, .git is a file that names the folder.
        let folder = text(git).flatMap { value(of: "gitdir:", in: $0) }
            .map { URL(fileURLWithPath: $0, relativeTo: git.deletingLastPathComponent()) } ?? git
        guard let head = text(folder.appendingPathComponent("HEAD")) else { return nil }
        guard let reference = value(of: "ref:", in: head) else { return commit(head) }
        let common = text(folder.appendingPathComponent("commondir"))
            .map { URL(fileURLWithPath: $0, relativeTo: folder.appendingPathComponent("")) } ?? folder
        for place in [folder, common] {
            if let found = text(place.appendingPathComponent(reference)) { return commit(found) }
        }
        let packed = text(common.appendingPathComponent("packed-refs")) ?? ""
        let line = packed.split(separator: "\n").first { $0.hasSuffix(" " + reference) }
        return line.flatMap { commit(String($0.prefix { $0 != " " })) }
    }

    private static func text(_ url: URL) -> String? {
        (try? String(contentsOf: url, encoding: .utf8))?.trimmingCharacters(in: .whitespacesAndNewlines)
    }

    private static func value(of label: String, in text: String) -> String? {
        text.hasPrefix(label) ? text.dropFirst(label.count).trimmingCharacters(in: .whitespaces) : nil
    }

    private static func commit(_ text: String) -> String? {
        text.wholeMatch(of: #/[0-9a-f]{40}([0-9a-f]{24})?/#) == nil ? nil : text
    }
}
