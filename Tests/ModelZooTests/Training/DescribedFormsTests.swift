import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite("Descriptions of data: their forms, columns and words")
struct DescribedFormsTests {
    private static let catalog = TrainingSamples.catalog

    private static func read(_ json: String) throws -> DatasetDescription {
        try DatasetDescription(json: Data(json.utf8), place: "--dataset")
    }

    /// Inputs, labels and note of a table that networks of a zoo with these columns and classes are judged on.
    private static func judged(
        _ text: String, features: [String]?, classes: [String]? = ["a", "b", "c"], _ more: String = ""
    ) throws -> (inputs: [Float], labels: [Int32], judged: JudgedDataset) {
        let own = ZooDataset(
            name: "/nowhere/train.csv", sha256: "00", scale: [2, 3], shift: [1, 0],
            split: .indices(train: [0], validation: [], test: [1]), classes: classes, label: "kind",
            features: features)
        let header = ZooHeader(architecture: .mlp(MLP.Config(widths: [2, 3])), dataset: own)
        return try DatasetFolder.with { folder in
            let path = try folder.write(text, to: "t.csv")
            let found = try read("{\"name\":\"\(path)\"\(more)}").judged(by: header, catalog: catalog)
            let data = try catalog.load(found.dataset).test
            return (data.inputs, data.labels, found)
        }
    }

    @Test("Columns and classes may be called by numbers; nothing but a name is a name")
    func forms() throws {
        let found = try Self.read(#"{"name":"t.csv","label":3,"classes":[1,"b",-2]}"#)
        #expect(found.label == "3" && found.classes == ["1", "b", "-2"] && found.place == "--dataset")
        #expect(!found.isName && !found.saysPreparation)
        let null = try Self.read(#"{"name":"t.csv","scale":null,"missing":null,"split":null,"standardize":false}"#)
        #expect(null.isName && DatasetDescription(name: "t.csv").isName)
        for key in [#""scale":1"#, #""shift":[0,1]"#, #""mean":0,"std":1"#, #""standardize":true"#] {
            #expect(try Self.read("{\"name\":\"t\",\(key)}").saysPreparation, "\(key)")
        }
        #expect(try !Self.read(#"{"name":"t","missing":[1,2]}"#).saysPreparation)
    }

    @Test("Columns that differ in capitals alone are told apart by them, and stay apart where one is not there")
    func capitals() throws {
        let found = try Self.judged("X,kind,x\n2,b,1\n4,c,3\n", features: ["x", "X"])
        #expect(found.inputs == [3, 6, 7, 12] && found.labels == [1, 2] && found.judged.doubt == nil)
        let error = dataError { _ = try Self.judged("X,x,kind\n1,2,b\n3,4,c\n", features: ["x", "z"]) }
        #expect(
            error?.description.contains("it has 1 of the 2 columns that the zoo records, but not 'z'") == true,
            "\(String(describing: error))")
        #expect(error?.description.contains("none of them") == false)
        let blanks = try Self.judged("z,kind,MAX  hr\n2,b,1\n4,c,3\n", features: ["Max HR", "z"])
        #expect(blanks.inputs == [3, 6, 7, 12] && blanks.judged.dataset.features == ["Max HR", "z"])
    }

    @Test("Columns that the networks do not take are named, the first four of many")
    func leftOut() throws {
        let one = try Self.judged("z,kind,more,x\n2,b,9,1\n4,c,8,3\n", features: ["x", "z"])
        #expect(one.judged.columnsNote == "the class is column 'kind', 'more' is not an input of the networks")
        let many = try Self.judged("p,q,z,kind,r,s,t,x\n5,5,2,b,9,9,9,1\n6,6,4,c,8,8,8,3\n", features: ["x", "z"])
        #expect(many.inputs == [3, 6, 7, 12])
        #expect(
            many.judged.columnsNote?.hasSuffix("'p', 'q', 'r', 's' and 1 more are not inputs of the networks") == true)
    }

    @Test("Classes are given for numbers and words alike: 1 is 1.0, and the first of equals counts")
    func classes() throws {
        let rows = "x,z,kind\n1,2,1.0\n3,4,3\n"
        #expect(try Self.judged(rows, features: nil, classes: ["3", "2", "1"]).labels == [2, 0])
        #expect(try Self.judged(rows, features: nil, classes: nil, ",\"classes\":[1,3,2]").labels == [0, 1])
        let error = dataError { _ = try Self.judged(rows, features: nil, classes: ["1", "2"]) }
        #expect(error?.found == "'3' in row 2" && error?.expected.hasSuffix(": 1, 2") == true)
        let many = dataError { _ = try Self.judged(rows, features: nil, classes: (10..<20).map(String.init)) }
        #expect(many?.expected.hasSuffix("16, 17 and 2 more") == true && many?.found == "'1.0' in row 1")
    }

    @Test("Rows are told in words, one row too")
    func rows() {
        func words(_ rows: JudgedDataset.Rows) -> [String] { [1, 2].map(rows.inWords) }
        #expect(words(.all) == ["its only row", "all 2 rows"])
        #expect(words(.recorded) == ["the 1 test row that the zoo records", "the 2 test rows that the zoo records"])
        #expect(words(.official) == ["the 1 row of the official test part", "the 2 rows of the official test part"])
        #expect(JudgedDataset.Rows.given.inWords(2) == "the 2 test rows that were given")
        #expect(words(.drawn) == ["1 row drawn here", "2 rows drawn here"])
    }

    @Test("Who prepared the inputs is told, and who filled what is missing")
    func preparations() throws {
        let text = "x,z,kind\n1,2,b\n3,4,c\n"
        let zoo = try Self.judged(text, features: nil).judged.preparationInWords
        #expect(zoo.hasSuffix(", as the zoo records"))
        let filled = try Self.judged(text, features: nil, ",\"missing\":7").judged.preparationInWords
        #expect(filled == zoo + "; missing values become 7, as given")
        let given = try Self.judged(text, features: nil, ",\"scale\":0.5").judged.preparationInWords
        #expect(given == "x / 2, as given")
    }

    @Test("Standardizing gives mean 0 and deviation 1; a feature that never differs is only shifted")
    func standardizing() {
        let moments = [
            FeatureMoments(count: 3, mean: 4, deviation: 2), FeatureMoments(count: 3, mean: 5, deviation: 0),
        ]
        let form = Preparation(standardizing: moments)
        #expect(form.apply(to: [2, 5, 4, 5, 6, 6], featureCount: 2) == [-1, 0, 0, 0, 1, 1])
        let filled = Preparation(scale: .each([2, 1]), shift: 1, missing: .each([3, .nan]))
        let inputs = filled.apply(to: [.nan, 1, 0, .nan], featureCount: 2)
        #expect(inputs[0...2] == [7, 2, 1] && inputs[3].isNaN)
    }
}
