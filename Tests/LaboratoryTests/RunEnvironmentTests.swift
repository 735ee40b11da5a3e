import Foundation
import Testing
import TestSupport

@testable import Laboratory

@Suite("Environment")
struct RunEnvironmentTests {
    private let commit = "0123456789abcdef0123456789abcdef01234567"

    @Test("The processor's model is read from the kernel's list")
    func processor() {
        let info = "processor\t: 0\nmodel name\t: Some CPU @ 2.00GHz\nflags\t: x\nmodel name\t: Other\n"
        #expect(RunEnvironment.processorModel(info) == "Some CPU @ 2.00GHz")
        #expect(RunEnvironment.processorModel("") == nil)
    }

    @Test("The commit is found from a folder below, through references, packed ones, and worktrees")
    func commits() throws {
        let scratch = try ScratchFolder()
        let below = scratch.file("a/b")
        try scratch.put("a/b/file", "")
        try scratch.put(".git/HEAD", "ref: refs/heads/main\n")
        #expect(GitCommit.find(from: below) == nil)
        try scratch.put(".git/packed-refs", "# pack-refs\n\(commit) refs/heads/main\n")
        #expect(GitCommit.find(from: below) == commit)
        let newer = String(commit.reversed())
        try scratch.put(".git/refs/heads/main", newer + "\n")
        #expect(GitCommit.find(from: below) == newer)
        try scratch.put(".git/HEAD", commit + "\n")
        #expect(GitCommit.find(from: below) == commit)
        try scratch.put(".git/worktrees/w/HEAD", "ref: refs/heads/main\n")
        try scratch.put(".git/worktrees/w/commondir", "../..\n")
        try scratch.put("a/b/.git", "gitdir: \(scratch.url.path)/.git/worktrees/w\n")
        #expect(GitCommit.find(from: below) == newer)
        try scratch.put("a/b/.git", "nonsense")
        #expect(GitCommit.find(from: below) == nil)
    }

    @Test("The record has these fields and no others")
    func fields() throws {
        let json = RunEnvironment(version: "1", kernelSet: "avx2", threads: 1).json
        guard case .map(let fields) = json else { return #expect(Bool(false)) }
        #expect(
            fields.keys.sorted() == [
                "architecture", "build", "cores", "executable_sha256", "git_commit", "kernel_set",
                "operating_system", "processor", "swift", "threads", "version",
            ])
        #expect(["debug", "release"].contains(json["build"]?.string))
        #expect(json["executable_sha256"]?.string?.count == 64)
    }
}
