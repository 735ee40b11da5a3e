import Foundation
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Copies and indices in folders, rule by rule")
struct FolderCopyRuleTests {
    private func write(_ text: String, to path: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path))
    }

    @Test(
        "A copy is of its own folder, whatever the folder is called, and keeps its ending and its case")
    func originals() {
        #expect(
            FolderCopies.original("a copy/seed1.pt") == nil
                && FolderCopies.original("a.bak/seed1.pt") == nil)
        #expect(FolderCopies.original("x/y/Copy of a.tar.gz") == "x/y/a.tar.gz")
        #expect(
            FolderCopies.original("Seed1 COPY.PT") == "Seed1.PT"
                && FolderCopies.original("Net.PT.BAK") == "Net.PT")
        #expect(FolderCopies.original("d/#a.pt#") == "d/a.pt" && FolderCopies.original("##") == nil)
        #expect(
            FolderCopies.original("net ().pt") == nil && FolderCopies.original("epoch (best).pt") == nil)
        #expect(FolderCopies.original("noending copy") == nil && FolderCopies.original("") == nil)
        #expect(FolderCopies.original("d/net.pt.~1~") == "d/net.pt" && FolderCopies.original("net.pt~") == "net.pt")
    }

    @Test("Every mark comes off, and one alone", arguments: ["copy", "backup", "bak", "old", "orig"])
    func marks(word: String) {
        for mark in [" - ", " ", "_", "-", "."] {
            #expect(FolderCopies.original("f/net\(mark)\(word).pt") == "f/net.pt")
            #expect(FolderCopies.original("f/net\(mark)\(word)er.pt") == nil)
        }
        #expect(FolderCopies.original("net\(word).pt") == nil)
    }

    @Test("A file among many names is read under its own, and the others are counted")
    func links() throws {
        try withFolder { (folder: String) throws in
            try write("x", to: "\(folder)/m.pt")
            for name in ["a", "b", "z"] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(folder)/\(name).pt", withDestinationPath: name == "z" ? "a.pt" : "m.pt")
            }
            let all = ["a", "b", "m", "z"].map { FolderFile(paths: ["\(folder)/\($0).pt"], match: nil) }
            let copies = FolderCopies(all, in: folder, hasPattern: true)
            #expect(copies.files.map(\.path) == ["\(folder)/m.pt"])
            #expect(
                copies.notes == [
                    "3 files are read already under another name and were passed over: a.pt, a link to m.pt, "
                        + "b.pt, a link to m.pt, z.pt, a link to m.pt"
                ])
        }
    }

    @Test("Links that lead nowhere, and shards, stay for others to judge")
    func kept() throws {
        try withFolder { (folder: String) throws in
            for name in ["a.pt", "b.pt"] {
                try FileManager.default.createSymbolicLink(
                    atPath: "\(folder)/\(name)", withDestinationPath: "nowhere")
            }
            let all = [
                FolderFile(paths: ["\(folder)/a.pt"], match: nil),
                FolderFile(paths: ["\(folder)/b.pt"], match: nil),
                FolderFile(paths: ["\(folder)/a.pt", "\(folder)/b.pt"], match: nil),
            ]
            let copies = FolderCopies(all, in: folder, hasPattern: false)
            #expect(copies.files.map(\.paths) == all.map(\.paths) && copies.notes.isEmpty)
        }
    }

    @Test("Files of chosen networks are told where numbered ones are twice as many")
    func chosen() {
        func notes(_ names: [String]) -> [String] {
            FolderCopies(
                names.map { FolderFile(paths: ["/none/\($0)"], match: nil) }, in: "/none", hasPattern: false
            )
            .notes
        }
        let numbered = (1...4).map { "epoch\($0).pt" }
        #expect(
            notes(numbered.prefix(1) + ["best.pt"]).isEmpty && notes(numbered + ["bestow.pt"]).isEmpty)
        #expect(notes(numbered.prefix(2) + ["LAST.pt"]).count == 1)
        let two = notes(numbered + ["best.pt", "final.pt"])
        #expect(
            two.count == 1
                && two[0].hasPrefix("best.pt, final.pt stand beside numbered checkpoints, and by their"))
        #expect(notes(numbered + ["best.pt", "final.pt", "latest.pt"]).isEmpty)
        #expect(notes(["a.pt", "b.pt", "best.pt"]).isEmpty)
    }

    @Test("An index is known by its name, and one that names no file is none")
    func noIndex() throws {
        try withFolder { (folder: String) throws in
            #expect(try ShardIndex("\(folder)/not-there.json") == nil)
            for text in [
                "{}", #"{"weight_map":{}}"#, #"{"weight_map":null}"#, #"{"metadata":{"total_size":1}}"#,
            ] {
                try write(text, to: "\(folder)/m.index.json")
                #expect(try ShardIndex("\(folder)/m.index.json") == nil, "\(text)")
            }
            #expect(dataError { _ = try ShardIndex("\(folder)/no.index.json") }?.kind == .missing)
        }
    }

    @Test(
        "What is no index of that name is refused",
        arguments: ["", "[", "[]", #"{"weight_map":[1]}"#, "\u{0}"])
    func malformed(text: String) throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/m.index.json"
            try write(text, to: path)
            let error = dataError { _ = try ShardIndex(path) }
            #expect(error?.kind == .malformed && error?.path == path)
            #expect(error?.expected == "an index of shards in JSON (weight_map)")
        }
    }

    @Test("Shards stand in the natural order, and all tensors must be in them, more may be")
    func shards() throws {
        try withFolder { (folder: String) throws in
            for number in [1, 2, 10] { try write("", to: "\(folder)/s\(number).bin") }
            let path = "\(folder)/m.bin.index.json"
            try write(
                #"{"weight_map":{"a":"s10.bin","b1":"s2.bin","b10":"s1.bin","b9":"s2.bin"}}"#, to: path)
            let index = try #require(try ShardIndex(path))
            #expect(
                index.shards == [1, 2, 10].map { "\(folder)/s\($0).bin" }
                    && index.whole == "\(folder)/m.bin")
            func network(_ names: [String]) -> ForeignNetwork {
                ForeignNetwork(names.map { ($0, [1], [0]) })
            }
            #expect(throws: Never.self) { try index.check(network(["b9", "more", "b10", "a", "b1"])) }
            let error = try #require(dataError { try index.check(network(["a", "b1"])) })
            #expect(error.kind == .malformed && error.expected == "all 4 tensors that it names")
            #expect(error.found == "no b9 and 1 more in its shards")
        }
    }
}
