import Basics
import Foundation
import ModelZoo

/// What a run was made with, as `environment.json` records it; never the process's environment variables.
public struct RunEnvironment: Sendable, Equatable {
    /// The version of this package.
    public let version: String
    /// The set of kernels in use ("avx2", "baseline").
    public let kernelSet: String
    /// The number of threads in use.
    public let threads: Int
    /// The model of the processor, or the machine's architecture where that is not known.
    public let processor: String
    /// The commit that is checked out around the working folder, or nil.
    public let gitCommit: String?

    /// Looks at the machine and, for the commit, at the `.git` in or above `folder`.
    public init(
        version: String, kernelSet: String, threads: Int,
        folder: URL = URL(fileURLWithPath: FileManager.default.currentDirectoryPath)
    ) {
        self.version = version
        self.kernelSet = kernelSet
        self.threads = threads
        let info = (try? String(contentsOfFile: "/proc/cpuinfo", encoding: .utf8)) ?? ""
        processor = Self.processorModel(info) ?? Self.architecture
        gitCommit = GitCommit.find(from: folder)
    }

    /// The record as JSON.
    public var json: Tree {
        [
            "architecture": .string(Self.architecture),
            "build": .string(Self.build),
            "cores": .integer(ProcessInfo.processInfo.activeProcessorCount),
            "executable_sha256": Self.executableDigest.map { .string($0) } ?? .null,
            "git_commit": gitCommit.map { .string($0) } ?? .null,
            "kernel_set": .string(kernelSet),
            "operating_system": .string(ProcessInfo.processInfo.operatingSystemVersionString),
            "processor": .string(processor),
            "swift": .string(Self.swiftVersion),
            "threads": .integer(threads),
            "version": .string(version),
        ]
    }

    static func processorModel(_ info: String) -> String? {
        for line in info.split(separator: "\n") where line.hasPrefix("model name") {
            if let colon = line.firstIndex(of: ":") {
                return line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
            }
        }
        return nil
    }

    /// How the program was compiled.
    static var build: String {
        var isDebug = false
        assert(
            {
                isDebug = true
                return true
            }())
        return isDebug ? "debug" : "release"
    }

    /// The SHA-256 of the running program's file, in hexadecimal; nil where it cannot be read.
    static let executableDigest: String? = try? SHA256.hexDigest(
        ofFile: URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path)

    static var architecture: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "arm64"
        #else
            "other"
        #endif
    }

    /// The compiler's version, as finely as conditional compilation distinguishes it.
    static var swiftVersion: String {
        #if compiler(>=6.5)
            "6.5 or later"
        #elseif compiler(>=6.4)
            "6.4"
        #elseif compiler(>=6.3)
            "6.3"
        #elseif compiler(>=6.2)
            "6.2"
        #else
            "6.1"
        #endif
    }
}

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
        let folder =
            text(git).flatMap { value(of: "gitdir:", in: $0) }
            .map { URL(fileURLWithPath: $0, relativeTo: git.deletingLastPathComponent()) } ?? git
        guard let head = text(folder.appendingPathComponent("HEAD")) else { return nil }
        guard let reference = value(of: "ref:", in: head) else { return commit(head) }
        let common =
            text(folder.appendingPathComponent("commondir"))
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
