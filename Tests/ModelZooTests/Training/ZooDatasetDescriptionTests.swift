import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
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
            (#"{"name":"digits","split":"official"}"#, "no official test part"),
            (#"{"name":"digits","split":{"train":[99999]}}"#, "row 99999"),
            (#"{"name":"digits","split":{"train":[1],"test":[1]}}"#, "row 1 twice, in train and in test"),
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

    @Test("mean and std are of x / 255, or of x * scale; where the values are no bytes, that is said")
    func normalized() throws {
        try DatasetFolder.with { folder in
            let path = try folder.write("0,128,0\n255,64,1\n", to: "pixels.csv")
            func json(_ more: String) -> String { "{\"name\":\"\(path)\",\(more)}" }
            let bytes = try described(json("\"mean\":0.1307,\"std\":0.3081"))
            #expect(abs(bytes.scale[0] - 1 / (255 * 0.3081)) < 1e-12 && abs(bytes.shift[0] + 0.1307 / 0.3081) < 1e-12)
            let plain = try described(json("\"scale\":1,\"mean\":[100,90],\"std\":[50,40]"))
            #expect(plain.scale == [0.02, 0.025] && plain.shift == [-2, -2.25])
            let large = dataError { _ = try described(json("\"mean\":33.3,\"std\":78.6")) }
            #expect(large?.hint.contains("\"scale\":1") == true)
            let other = dataError { _ = try described(#"{"name":"iris","mean":0.5,"std":0.5}"#) }
            #expect(other?.kind == .configuration && other?.description.contains("bytes") == true)
            #expect(dataError { _ = try described(#"{"name":"digits","mean":0.5,"std":0.5}"#) } != nil)
        }
    }

    @Test("Standardizing measures the training rows; a recipe does the same")
    func standardized() throws {
        let split = #""split":{"validation":0.2,"test":0.2,"seed":0}"#
        var recipe = ZooRecipe()
        recipe.dataset.standardize = true
        let own = try described("{\"name\":\"digits\",\"standardize\":true,\(split)}")
        #expect(try own == recipe.data(from: catalog).recorded)
        (recipe.dataset.name, recipe.dataset.missing) = ("uci-heart", .mean)
        let heart = try described("{\"name\":\"uci-heart\",\"standardize\":true,\"missing\":\"mean\",\(split)}")
        #expect(try heart == recipe.data(from: catalog).recorded && heart.missing?.count == 9)
    }

    @Test("A digest that is given must be the data's")
    func digest() throws {
        let sum = try catalog.load("iris").sha256
        #expect(try described("{\"name\":\"iris\",\"sha256\":\"\(sum)\"}").name == "iris")
        let error = dataError { _ = try described(#"{"name":"iris","sha256":"00"}"#) }
        #expect(error?.found == sum)
    }

    @Test("A table's label, its columns and the names of its classes are recorded, and read again so")
    func tables() throws {
        try DatasetFolder.with { folder in
            let path = try folder.write("label,a,b\noak,1,2\nash,3,4\noak,5,6\n", to: "t.csv")
            let found = try described("{\"name\":\"\(path)\",\"split\":{\"train\":[0,1],\"test\":[2]}}")
            #expect(found.classes == ["ash", "oak"] && found.label == "label" && found.features == ["a", "b"])
            let again = try JSONDecoder().decode(ZooDataset.self, from: JSONEncoder().encode(found))
            #expect(again == found)
            let data = try catalog.load(again)
            #expect(data.train.inputs == [1, 2, 3, 4] && data.train.labels == [1, 0])
            let plain = try folder.write("label,a,b\n0,1,2\n1,3,4\n0,5,6\n", to: "plain.csv")
            let chosen = try described("{\"name\":\"\(plain)\",\"label\":\"b\",\"classes\":[6,4,2]}")
            #expect(chosen.classes == ["6", "4", "2"] && chosen.label == "b")
        }
    }

    @Test("A record of an earlier version is read as it was then: commas, the class last")
    func earlier() throws {
        try DatasetFolder.with { folder in
            let path = try folder.write("label,a,b\n0,1,2\n1,3,0\n0,5,2\n", to: "t.csv")
            let sum = try catalog.load(path).sha256
            let split = ZooDataset.Split.indices(train: [0, 1, 2], validation: [], test: [])
            let old = ZooDataset(name: path, sha256: sum, split: split)
            #expect(try catalog.load(old).train.labels == [1, 0, 1])
            let written = ZooDataset(name: path, split: split)
            #expect(try catalog.load(written).train.labels == [0, 1, 0], "by hand, without a digest: the usual name")
        }
    }

    @Test(
        "Settings that exclude each other, and unknown keys with the nearest known one",
        arguments: [
            (#""mean":0.5"#, "std"), (#""std":0.5"#, "mean"), (#""mean":0.5,"std":0"#, "above 0"),
            (#""mean":0.5,"std":0.5,"shift":1"#, "shift"), (#""standardize":true,"scale":1"#, "standardize"),
            (#""missing":"median""#, "missing"), (#""lable":"x""#, "did you mean label?"),
            (#""standardise":true"#, "did you mean standardize?"), (#""split":{"tests":[1]}"#, "did you mean test?"),
        ])
    func exclusive(_ keys: String, _ says: String) throws {
        let error = try #require(dataError { _ = try described("{\"name\":\"digits\",\(keys)}") })
        #expect(error.kind == .configuration && error.description.contains(says), "\(error)")
    }

    @Test("The attribute of a zoo file takes mean and std of x / 255, and refuses unknown keys")
    func attribute() throws {
        func read(_ json: String) throws -> ZooDataset {
            try JSONDecoder().decode(ZooDataset.self, from: Data(json.utf8))
        }
        let found = try read(#"{"name":"mnist","mean":0.1307,"std":0.3081}"#)
        #expect(found.preparation.inWords == "(x / 255 - 0.1307) / 0.3081")
        #expect(try read(#"{"name":"t","scale":1,"mean":[1,2],"std":[2,4]}"#).scale == [0.5, 0.25])
        for (json, says) in [
            (#"{"name":"mnist","scael":1}"#, "did you mean scale?"), (#"{"name":"mnist","mean":0,"std":0}"#, "std"),
            (#"{"name":"t","split":{"trian":[1]}}"#, "did you mean train?"),
        ] {
            #expect(throws: DecodingError.self) { try read(json) }
            do { _ = try read(json) } catch { #expect(DecodingError.reason(of: error).contains(says), "\(error)") }
        }
    }
}
