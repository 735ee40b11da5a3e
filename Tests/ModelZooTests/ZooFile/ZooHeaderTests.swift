import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Zoo file: header")
struct ZooHeaderTests {
    /// Writes a file with the given attributes and 2 networks of `testLayout()`, then opens it.
    private func open(_ attributes: [String: String], version: Int? = 1) throws -> ZooReader {
        try withFolder { (folder: String) throws in
            let file = try HDF5File.create("\(folder)/z.h5")
            for (name, text) in attributes.sorted(by: { $0.key < $1.key }) {
                try file.write(text: text, attribute: name)
            }
            if let version { try file.write(integer: version, attribute: "version") }
            try file.write(formulaRows(2, 11), shape: [2, 11], as: "/weights")
            try file.close()
            return try ZooReader(path: "\(folder)/z.h5")
        }
    }

    private var sound: [String: String] {
        get throws { ["format": ZooHeader.format, "layout": try ZooHeader.text(testLayout())] }
    }

    @Test("the least header")
    func least() throws {
        let header = try open(sound).header
        #expect(header.layout == testLayout() && header.architecture == nil && header.createdWith == "")
    }

    @Test(
        "damaged attributes are named",
        arguments: [
            ("layout", "{", "attribute layout"), ("layout", "[]", "attribute layout"),
            ("layout", #"{"slots":[]}"#, "parameters"),
            ("layout", #"{"slots":[{"name":"w","offset":1,"shape":[2],"role":"bias"}]}"#, "does not follow"),
            ("layout", #"{"slots":[{"name":"w","offset":0,"shape":[0],"role":"bias"}]}"#, "does not follow"),
            ("layout", #"{"slots":[{"name":"w","offset":0,"shape":[11],"role":"x"}]}"#, "attribute layout"),
            ("layout", #"{"slots":[{"name":"w","shape":[11],"role":"bias"}]}"#, "no key slots[0].offset"),
            ("layout", #"{"slots":[{"name":"w","offset":0,"shape":[10],"role":"bias"}]}"#, "D = 10"),
            ("architecture", #"{"kind":"transformer"}"#, "unknown architecture kind"),
            ("architecture", #"{"widths":[2,2]}"#, "no key kind"),
            ("dataset", #"{"sha256":"00"}"#, "no key name"), ("dataset", "3", "attribute dataset"),
            ("dataset", #"{"name":"a","scale":[]}"#, "empty list"),
            ("dataset", #"{"name":"a","split":"mine"}"#, "official"),
            ("dataset", #"{"name":"a","split":{"train":[1,2],"test":[2]}}"#, "row 2 twice"),
            ("dataset", #"{"name":"a","split":{"train":[-1]}}"#, "row -1"),
            ("tasks", "[", "attribute tasks"), ("format", "weightspace-run", "format = \"weightspace-run\""),
        ])
    func damaged(name: String, text: String, part: String) throws {
        let attributes = try sound.merging([name: text]) { $1 }
        let error = try #require(dataError { _ = try open(attributes) })
        #expect(error.kind == .malformed && error.description.contains(part), "\(error)")
    }

    @Test("version and description must be there")
    func required() throws {
        #expect(dataError { _ = try open(sound, version: nil) }?.found == "no attribute version")
        #expect(dataError { _ = try open(sound, version: 3) }?.found == "version 3")
        #expect(dataError { _ = try open(["format": ZooHeader.format]) }?.found == "neither")
    }

    @Test(
        "scale, shift and split in every form",
        arguments: [
            (#"{"name":"a"}"#, ZooDataset(name: "a")),
            (#"{"name":"a","scale":0.5,"shift":[1,2]}"#, ZooDataset(name: "a", scale: [0.5], shift: [1, 2])),
            (#"{"name":"a","split":"official"}"#, ZooDataset(name: "a", split: .official)),
            (
                #"{"name":"a","split":{"train":[3]}}"#,
                ZooDataset(name: "a", split: .indices(train: [3], validation: [], test: []))
            ),
        ])
    func dataset(text: String, expected: ZooDataset) throws {
        let decoded = try JSONDecoder().decode(ZooDataset.self, from: Data(text.utf8))
        #expect(decoded == expected)
        let again = try JSONDecoder().decode(ZooDataset.self, from: Data(ZooHeader.text(decoded).utf8))
        #expect(again == expected)
    }

    @Test("slots are found by position")
    func slotNames() {
        let layout = testLayout()
        #expect(layout.slotName(at: 0) == "w" && layout.slotName(at: 7) == "w" && layout.slotName(at: 8) == "b")
        #expect(layout.brief == "D = 11, 2 slots: w [2, 4], b [3]")
    }
}
