import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Data sets as a person describes them")
struct ZooDatasetDescriptionTests {
    private let catalog = TrainingSamples.catalog

    private func described(_ json: String) throws -> ZooDataset {
        try ZooDataset(description: Data(json.utf8), place: "--dataset", catalog: catalog)
    }

    @Test("A name alone: the usual preparation, the data's own digest, no division")
    func names() throws {
        let digits = try catalog.load("digits")
        let expected = ZooDataset(name: "digits", sha256: digits.sha256, scale: [0.0625])
        #expect(try ZooDataset(name: "digits", place: "--dataset", catalog: catalog) == expected)
        #expect(try described(#"{"name":"digits"}"#) == expected)
    }

    @Test("A scale or a shift alone leaves the other at 1 and 0, not at the usual one")
    func preparation() throws {
        let scaled = try described(#"{"name":"digits","scale":0.5}"#)
        #expect(scaled.scale == [0.5] && scaled.shift == [0])
        let shifted = try described(#"{"name":"digits","shift":-8}"#)
        #expect(shifted.scale == [1] && shifted.shift == [-8])
        let each = try described("{\"name\":\"digits\",\"scale\":\((0..<64).map { Double($0) })}")
        #expect(each.scale.count == 64 && each.scale[63] == 63)
    }

    @Test("Shares are drawn as a recipe draws them; lists stay as they are")
    func divisions() throws {
        let drawn = try described(#"{"name":"digits","split":{"validation":0.2,"test":0.2,"seed":0}}"#)
        #expect(try drawn.split == ZooRecipe().data(from: catalog).recorded.split)
        let other = try described(#"{"name":"digits","split":{"validation":0.2,"test":0.2,"seed":1}}"#)
        #expect(other.split != drawn.split)
        guard
            case .indices(let train, let validation, let test) = try described(
                #"{"name":"digits","split":{"test":0.5}}"#
            ).split
        else { Issue.record("no rows"); return }
        #expect(validation.isEmpty && abs(test.count - train.count) < 20)
        let listed = try described(#"{"name":"digits","split":{"train":[5,6],"test":[1]}}"#)
        #expect(listed.split == .indices(train: [5, 6], validation: [], test: [1]))
    }

    @Test(
        "What is described loads, and a file records it so",
        arguments: [
            #"{"name":"digits"}"#, #"{"name":"digits","scale":0.1,"split":{"validation":0.1,"test":0.3,"seed":4}}"#,
        ])
    func roundTrip(_ json: String) throws {
        let dataset = try described(json)
        #expect(try JSONDecoder().decode(ZooDataset.self, from: JSONEncoder().encode(dataset)) == dataset)
        #expect(try catalog.load(dataset).test.count > 0)
    }

    @Test("A CSV file by its path; what is missing is filled by what is said")
    func table() throws {
        try DatasetFolder.with { folder in
            let path = try folder.write("1,2,a\n3,,b\n5,6,a\n", to: "t.csv")
            let filled = try described("{\"name\":\"\(path)\",\"missing\":4,\"split\":{\"train\":[0,1],\"test\":[2]}}")
            #expect(try catalog.load(filled).train.inputs == [1, 2, 3, 4])
            #expect(dataError { _ = try described("{\"name\":\"\(path)\"}") } != nil)
        }
    }

    @Test(
        "Wrong descriptions name the option and the fault",
        arguments: [
            (#"{"scale":1}"#, "name"), (#"{"name":"digits","scael":1}"#, "scael"), ("[1]", ""),
            (#"{"name":"digits","scale":[1,2]}"#, "2 values"), (#"{"name":"digits","split":"half"}"#, "official"),
            (#"{"name":"digits","split":"official"}"#, "none"),
            (#"{"name":"digits","split":{"train":[99999]}}"#, "row 99999"),
            (#"{"name":"digits","split":{"train":[1],"test":[1]}}"#, "share samples"),
            (#"{"name":"digits","split":{"validation":0.9,"test":0.9}}"#, "0.9"),
            (#"{"name":"digits","split":{"validation":0.1,"sede":0}}"#, "sede"),
            (#"{"name":"digits","split":{"tset":[1]}}"#, "tset"), (#"{"name":"digits","split":{"seed":1}}"#, "seed"),
            (#"{"name":"digits","split":{"train":[1],"test":0.2}}"#, "train"), (#"{"name":"digits","split":[1]}"#, ""),
        ])
    func wrong(_ json: String, _ says: String) throws {
        let error = try #require(dataError { _ = try described(json) })
        #expect(error.kind == .configuration && error.path == "--dataset")
        #expect(says.isEmpty || error.description.contains(says), "\(error)")
    }

    @Test("Data that is not there, or has no such name, is missing")
    func missing() throws {
        for catalog in [DatasetCatalog(folders: []), catalog] {
            let name = catalog.folders.isEmpty ? "digits" : "dijits"
            let error = dataError { _ = try ZooDataset(name: name, place: "--dataset", catalog: catalog) }
            #expect(error?.kind == .missing && error?.description.contains(name) == true)
        }
    }
}
