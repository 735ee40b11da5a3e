import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite("The data that a zoo's networks are judged on")
struct JudgedDatasetTests {
    private static let catalog = TrainingSamples.catalog
    private static let own = ZooDataset(
        name: "digits", scale: [0.5], shift: [-1], split: .indices(train: [0, 1], validation: [], test: [2, 3]))

    private func header(_ dataset: ZooDataset?, widths: [Int] = [2, 3]) -> ZooHeader {
        ZooHeader(architecture: .mlp(MLP.Config(widths: widths)), dataset: dataset)
    }

    /// A record of a table that is not at hand any more.
    private func lost(
        missing: [Double]? = nil, classes: [String]? = ["a", "b", "c"], label: String? = "kind",
        features: [String]? = nil
    ) -> ZooDataset {
        ZooDataset(
            name: "/nowhere/train.csv", sha256: "00", scale: [2, 3], shift: [1, 0], missing: missing,
            split: .indices(train: [0], validation: [], test: [1]), classes: classes, label: label, features: features)
    }

    private func judged(
        _ text: String, by header: ZooHeader, named name: String = "t.csv", _ more: String = ""
    ) throws -> (judged: JudgedDataset, data: Dataset) {
        try DatasetFolder.with { folder in
            let path = try folder.write(text, to: name)
            let json = "{\"name\":\"\(path)\"\(more)}"
            let judged = try DatasetDescription(json: .init(json.utf8), place: "--dataset")
                .judged(by: header, catalog: Self.catalog)
            return (judged, try Self.catalog.load(judged.dataset).test)
        }
    }

    @Test("A file that is named: the zoo's scale and shift, all rows, the zoo's order of classes")
    func file() throws {
        let found = try judged("1,2,b\n3,4,c\n5,6,b\n", by: header(lost()))
        #expect(found.data.inputs == [3, 6, 7, 12, 11, 18] && found.data.labels == [1, 2, 1])
        #expect(found.judged.rows == .all && found.judged.origin == .zoo && found.judged.doubt == nil)
    }

    @Test("Missing values are filled as the zoo fills them; without that they are refused with what to give")
    func missing() throws {
        let found = try judged("1,?,b\n,4,c\n", by: header(lost(missing: [10, 20])))
        #expect(found.data.inputs == [3, 60, 21, 12])
        let error = dataError { _ = try judged("1,?,b\n2,4,c\n", by: header(lost())) }
        #expect(error?.hint.contains("missing") == true, "\(String(describing: error))")
        let given = try judged("1,?,b\n2,4,c\n", by: header(lost()), ",\"missing\":0")
        #expect(given.data.inputs == [3, 0, 5, 12])
    }

    @Test("A class that the networks do not tell apart is named")
    func unknownClass() {
        let error = dataError { _ = try judged("1,2,b\n3,4,oak\n", by: header(lost())) }
        #expect(error?.found.contains("'oak'") == true && error?.expected.contains("a, b, c") == true)
    }

    @Test("Numbers are outputs where no classes are recorded, however few of them there are")
    func numbers() throws {
        let plain = header(lost(classes: nil), widths: [2, 10])
        #expect(try judged("1,2,7\n3,4,3\n", by: plain).data.labels == [7, 3])
        #expect(try judged("1,2,7.0\n3,4,3\n", by: plain).data.labels == [7, 3])
        let named = header(lost(classes: ["1", "2", "4"]))
        #expect(try judged("1,2,4\n3,4,1\n", by: named).data.labels == [2, 0])
        let refused = dataError { _ = try judged("1,2,0\n3,4,a\n", by: header(lost(classes: nil))) }
        #expect(refused?.found.contains("'a'") == true && refused?.expected.contains("0, 1, 2") == true)
        let words = try judged("1,2,b\n3,4,a\n", by: header(lost(classes: nil, label: nil)))
        #expect(words.data.labels == [1, 0] && words.judged.doubt?.contains("order of its classes") == true)
    }

    @Test("Columns go by their names where both sides have some")
    func features() throws {
        let zoo = header(lost(features: ["x", "z"]))
        let found = try judged("z,kind,more,x\n2,b,9,1\n4,c,9,3\n", by: zoo)
        #expect(found.data.inputs == [3, 6, 7, 12] && found.data.labels == [1, 2] && found.judged.doubt == nil)
        let other = try judged("u,v,kind\n1,2,b\n3,4,c\n", by: zoo)
        #expect(other.data.inputs == [3, 6, 7, 12] && other.judged.doubt?.contains("columns") == true)
        let error = dataError { _ = try judged("u,v,w,kind\n1,2,3,b\n3,4,5,c\n", by: zoo) }
        #expect(error?.description.contains("2 features") == true && error?.hint.contains("label") == true)
    }

    @Test(
        "Columns go by their names without regard to capitals; some of them and not all leave open which is which",
        arguments: ["Z,kind,X\n2,b,1\n4,c,3\n", "kind, x ,more,z\nb,1,0,2\nc,3,0,4\n"])
    func capitals(_ text: String) throws {
        let zoo = header(lost(features: ["x", "z"]))
        let found = try judged(text, by: zoo)
        #expect(found.data.inputs == [3, 6, 7, 12] && found.judged.doubt == nil)
        #expect(found.judged.columnsNote?.contains("'more'") == text.contains("more"))
        let error = dataError { _ = try judged("z,kind,xx\n2,b,1\n4,c,3\n", by: zoo) }
        #expect(error?.description.contains("not 'x'; 'xx' is none of them") == true, "\(String(describing: error))")
    }

    @Test("Columns that are only counted have no names: from 0 or from 1, they are taken in their order")
    func counted() throws {
        let zoo = header(lost(features: ["0", "1"]))
        let found = try judged("label,1,2\nb,1,2\nc,3,4\n", by: zoo)
        #expect(found.data.inputs == [3, 6, 7, 12] && found.data.labels == [1, 2])
    }

    /// The zoo's own data are bytes; its record says x / 255.
    @Test(
        "Values in other units than those of the zoo's own data are doubtful, as a whole or in one column",
        arguments: [
            ("0,255", "0,1", true), ("0,255", "0,16", true), ("0,255", "-1.2,2.1", true), ("0,255", "10,250", false),
            ("150,190", "1.5,1.9", true), ("150,190", "140,170", false),
        ])
    func units(_ own: String, _ other: String, _ isDoubtful: Bool) throws {
        func table(_ range: String) -> String {
            let ends = range.split(separator: ",")
            return "u,v,kind\n" + (0..<6).map { "\(ends[$0 % 2]),\(ends[($0 / 2) % 2]),\($0 % 2)\n" }.joined()
        }
        try DatasetFolder.with { folder in
            let path = try folder.write(table(own), to: "own.csv")
            let new = try folder.write(table(other), to: "new.csv")
            let record = try ZooDataset(
                description: .init("{\"name\":\"\(path)\",\"scale\":0.00392156862745098}".utf8), place: "--dataset",
                catalog: Self.catalog)
            let zoo = header(record, widths: [2, 2])
            let found = try DatasetDescription(name: new).judged(by: zoo, catalog: Self.catalog)
            #expect(
                (found.doubt?.contains("the values of") == true) == isDoubtful, "\(String(describing: found.doubt))")
            let json = "{\"name\":\"\(new)\",\"scale\":1}"
            let given = try DatasetDescription(json: .init(json.utf8), place: "--dataset")
                .judged(by: zoo, catalog: Self.catalog)
            #expect(given.doubt == nil)
            // The zoo's own data is gone: inputs that hardly differ tell.
            try FileManager.default.removeItem(atPath: path)
            let alone = try DatasetDescription(name: new).judged(by: zoo, catalog: Self.catalog)
            let isNarrow = isDoubtful && own == "0,255"
            #expect(
                (alone.doubt?.contains("the values of") == true)
                    == (isNarrow || other.hasPrefix("1.5") || own == "150,190"))
        }
    }

    @Test("A description's own preparation, division, label and classes come first")
    func given() throws {
        let zoo = header(lost())
        let found = try judged("1,2,b\n3,4,c\n5,6,b\n", by: zoo, ",\"scale\":1,\"split\":{\"train\":[0],\"test\":[2]}")
        #expect(found.data.inputs == [5, 6] && found.judged.rows == .given && found.judged.origin == .given)
        let swapped = try judged("b,1,2\nc,3,4\n", by: zoo, ",\"label\":\"first\",\"classes\":[\"c\",\"b\"]")
        #expect(swapped.data.labels == [1, 0])
        let normal = try judged("10,255,b\n20,0,c\n", by: zoo, ",\"mean\":0.5,\"std\":0.5")
        #expect(normal.data.inputs[1] == 1 && normal.data.inputs[3] == -1)
    }

    @Test("The zoo's own data keeps the zoo's division, by its name or by its digest")
    func ownData() throws {
        let zoo = header(Self.own, widths: [64, 10])
        let digits = DatasetDescription(name: "digits")
        let found = try digits.judged(by: zoo, catalog: Self.catalog)
        #expect(found.dataset == Self.own && found.rows == .recorded && found.doubt == nil)
        try DatasetFolder.with { folder in
            let recipe = TrainingSamples.recipe(try folder.write(TrainingSamples.csv(), to: "a.csv"))
            let recorded = try recipe.data(from: Self.catalog).recorded
            let copy = try folder.write(TrainingSamples.csv(), to: "copy.csv")
            let again = try DatasetDescription(name: copy)
                .judged(by: header(recorded, widths: [4, 6, 3]), catalog: Self.catalog)
            #expect(again.rows == .recorded && again.dataset.split == recorded.split)
        }
    }

    @Test("Another known set: prepared as the zoo records it, on all rows")
    func known() throws {
        let zoo = header(
            ZooDataset(name: "uci-heart", scale: [2], missing: [Double](repeating: 7, count: 9)), widths: [9, 2])
        let found = try DatasetDescription(name: "uci-heart-shifted").judged(by: zoo, catalog: Self.catalog)
        let data = try Self.catalog.load(found.dataset).test
        #expect(data.count == 323 && data.inputs.allSatisfy(\.isFinite) && found.rows == .all)
        #expect(data.inputs[4] == 14, "Zurich measured no cholesterol")
    }

    @Test("A zoo without a record: the usual preparation, and a doubt")
    func nothing() throws {
        let found = try DatasetDescription(name: "digits").judged(
            by: header(nil, widths: [64, 10]), catalog: Self.catalog)
        #expect(found.origin == .usual && found.dataset.scale == [0.0625] && found.rows == .all && found.mayBeSeen)
        #expect(found.doubt?.contains("trained on") == true)
    }
}
