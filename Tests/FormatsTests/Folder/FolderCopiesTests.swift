import Foundation
import Testing
import ZooTestSupport

@testable import Formats

@Suite("Links and copies in folders")
struct FolderCopiesTests {
    @Test(
        "names of copies",
        arguments: [
            ("a/seed2.pt~", "a/seed2.pt"), ("seed1.pt.bak", "seed1.pt"), ("seed1 copy.pt", "seed1.pt"),
            ("seed1 copy 2.pt", "seed1.pt"), ("seed1 (1).pt", "seed1.pt"), ("seed1(12).pt", "seed1.pt"),
            ("seed1 - Copy.pt", "seed1.pt"), ("seed1 - Copy (2).pt", "seed1.pt"), ("Copy of seed1.pt", "seed1.pt"),
            ("seed1_backup.pt", "seed1.pt"), ("seed1.old.pt", "seed1.pt"), ("#seed1.pt#", "seed1.pt"),
            ("seed1.pt.orig", "seed1.pt"),
        ])
    func names(_ name: String, _ original: String) { #expect(FolderCopies.original(name) == original) }

    @Test("names of others", arguments: ["seed1.pt", "copy.pt", "(1).pt", "net(a).pt", "photocopy.pt", "fold.pt"])
    func others(_ name: String) { #expect(FolderCopies.original(name) == nil) }

    private func sorted(
        _ names: [String], links: [String: String] = [:], hard: [String: String] = [:], pattern: Bool = false
    )
        throws -> (files: [String], notes: [String])
    {
        try withFolder { (folder: String) throws in
            for name in names { try Data(name.utf8).write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
            for (name, target) in links {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(folder)/\(name)", withDestinationPath: target)
            }
            for (name, target) in hard {
                try FileManager.default.linkItem(atPath: "\(folder)/\(target)", toPath: "\(folder)/\(name)")
            }
            let all = (names + links.keys + hard.keys).sorted().map {
                FolderFile(paths: ["\(folder)/\($0)"], match: nil)
            }
            let copies = FolderCopies(all, in: folder, hasPattern: pattern)
            return (copies.files.map { URL(fileURLWithPath: $0.path).lastPathComponent }, copies.notes)
        }
    }

    @Test("links and copies are passed over, and told")
    func passedOver() throws {
        let linked = try sorted(["epoch1.pt", "epoch2.pt"], links: ["best.pt": "epoch2.pt"])
        #expect(linked.files == ["epoch1.pt", "epoch2.pt"])
        #expect(linked.notes.first?.contains("best.pt, a link to epoch2.pt") == true)
        #expect(try sorted(["b.pt"], hard: ["a.pt": "b.pt"]).files == ["a.pt"])
        let copied = try sorted(["seed1 copy.pt", "seed1.pt", "seed2.pt~"])
        // The file of which seed2.pt~ is a backup is not there.
        #expect(copied.files == ["seed1.pt", "seed2.pt~"] && copied.notes.count == 1)
        #expect(try sorted(["seed1 copy.pt", "seed1.pt"], pattern: true).files.count == 2)
        #expect(try sorted(["x.pt"], links: ["y.pt": "x.pt"], pattern: true).files == ["x.pt"])
    }

    @Test("the best one beside numbered ones is told")
    func best() throws {
        let names = ["checkpoint_1.pt", "checkpoint_2.pt", "checkpoint_3.pt"]
        #expect(try sorted(names + ["model_best.pt"]).notes.first?.contains("model_best.pt stands beside") == true)
        #expect(try sorted(names).notes.isEmpty)
        #expect(try sorted(["run1_best.pt", "run2_best.pt", "run3_best.pt"]).notes.isEmpty)
    }
}
