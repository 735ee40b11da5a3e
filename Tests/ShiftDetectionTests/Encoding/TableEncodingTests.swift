import Basics
import Tensors
import Testing

@testable import ShiftDetection

@Suite("Tables become features")
struct TableEncodingTests {
    private static func table(_ text: String, _ options: Table.Options = .init()) throws -> Table {
        try Table(bytes: Array(text.utf8), path: "t.csv", options: options)
    }

    private static let training = "age,sex,id\n10,m,a\n20,f,b\n30,f,c\n40,f,d\n"

    private func encoding(_ text: String = training, impute: Imputation? = nil) throws -> TableEncoding {
        try TableEncoding(fitting: Self.table(text), except: ["id"], impute: impute, path: "t.csv")
    }

    private func refusal(_ work: () throws -> Void) -> String {
        do {
            try work()
            return "nothing was refused"
        } catch { return "\(error)" }
    }

    @Test("Numbers are standardised by the training rows alone, categories become a feature each")
    func features() throws {
        let encoding = try encoding()
        #expect(encoding.columns.map(\.name) == ["age", "sex"] && encoding.width == 3)
        let sample = try Self.table("sex,age\nm,25\nf,1000\n")
        let read = try encoding.read(sample, except: [], path: "q.csv")
        #expect(read.notes == [])
        // Mean 25, deviation sqrt(125); what lies beyond six deviations is set there. f before m.
        #expect(try encoding.features(read.rows, path: "q.csv").floats == [0, 0, 1, 6, 1, 0])
        let own = try encoding.read(Self.table(Self.training), except: ["id"], path: "t.csv").rows
        let ages = try encoding.features(own, path: "t.csv").floats.enumerated().filter { $0.offset % 3 == 0 }
        #expect(abs(ages.reduce(0) { $0 + $1.element }) < 1e-6)
    }

    @Test("Columns are matched by name: extra ones are named and ignored, missing ones refused")
    func columns() throws {
        let encoding = try encoding()
        let extra = try encoding.read(Self.table("x,sex,age\n1,m,25\n"), except: [], path: "q.csv")
        #expect(extra.notes.count == 1 && extra.notes[0].contains("ignored: x"))
        let text = refusal { _ = try encoding.read(Self.table("Age,sex\n1,m\n"), except: [], path: "q.csv") }
        #expect(text.contains("no column 'age'") && text.contains("is it 'Age' there?"), "\(text)")
    }

    @Test("A category that was not there is told, and becomes none of the known ones")
    func unseen() throws {
        let encoding = try encoding()
        let read = try encoding.read(Self.table("age,sex\n25,x\n25,m\n"), except: [], path: "q.csv")
        #expect(read.notes.count == 1 && read.notes[0].contains("categories that the reference does not have"))
        #expect(try encoding.features(read.rows, path: "q.csv").floats == [0, 0, 0, 0, 0, 1])
        #expect(encoding.columns(of: read.rows)[1].values == .categories(["another one", "m"]))
    }

    @Test("Missing values are refused unless something stands for them, learnt from the rows that were fitted to")
    func missing() throws {
        let sample = try Self.table("age,sex\n?,m\n20,NA\n", .init(kinds: ["age": .number, "sex": .category]))
        let strict = try encoding()
        let rows = try strict.read(sample, except: [], path: "q.csv").rows
        let text = refusal { _ = try strict.features(rows, path: "q.csv") }
        #expect(text.contains("column 'age' has 1 missing value") && text.contains("--impute median"), "\(text)")
        let gaps = "age,sex,id\n1,m,a\n2,f,b\n,f,c\n30,,d\n"
        for (impute, fill) in [(Imputation.mean, 11.0), (.median, 2.0)] {
            let encoding = try encoding(gaps, impute: impute)
            #expect(encoding.columns.map(\.fill) == [fill, 0])
            let features = try encoding.features(encoding.read(sample, except: [], path: "q.csv").rows, path: "q.csv")
            let same = try encoding.read(Self.table("age,sex\n\(Int(fill)),m\n20,f\n"), except: [], path: "q.csv").rows
            #expect(try features.floats == encoding.features(same, path: "q.csv").floats)
        }
    }

    @Test(
        "Columns that tell nothing are refused with their name",
        arguments: [
            ("age,sex\n1,m\n1,f\n", "column 'age' holds the same value in every row"),
            ("age,sex\n1,m\n2,m\n", "column 'sex' holds the same value in every row"),
            ("age,sex\n?,m\nNA,f\n", "column 'age' holds no value in any row"),
            ("age,age\n1,2\n3,4\n", "several columns are named 'age'"),
            ("age,sex\n1e308,m\n-1e308,f\n", "too large"),
        ])
    func useless(_ text: String, _ says: String) {
        let said = refusal { _ = try encoding(text) }
        #expect(said.contains(says) && said.contains("--ignore"), "\(said)")
    }

    @Test("All columns that tell nothing are named at once; a model that takes them keeps those of one value")
    func constants() throws {
        let text = "a,b,c,d\n1,x,1,5\n1,x,2,5\n1,x,3,5\n"
        let said = refusal { _ = try encoding(text) }
        #expect(said.contains("'a' holds the same value in every row, and 2 more") && said.contains("--ignore 'a,b,d'"))
        let kept = try TableEncoding(
            fitting: Self.table(text), except: [], impute: nil, keepsConstants: true, path: "p.csv")
        #expect(kept.columns.map(\.isConstant) == [true, true, false, true] && kept.width == 1)
        #expect(kept.columns.map(\.problem) == [nil, nil, nil, nil])
        let sample = try kept.read(Self.table("a,b,c,d\n7,y,2,\n"), except: [], path: "q.csv")
        #expect(try kept.features(sample.rows, path: "q.csv").floats == [0], "the mean of c, and nothing else")
        #expect(sample.rows.columns[0] == [7] && sample.rows.columns[1] == [TableEncoding.unseen])
        let empty = refusal {
            _ = try TableEncoding(
                fitting: Self.table("a,b\n1,\n2,\n"), except: [], impute: nil, keepsConstants: true, path: "p.csv")
        }
        #expect(empty.contains("'b' holds no value in any row"))
    }

    @Test("Codes of one column are missing there alone, however a number is written")
    func codes() throws {
        let options = Table.Options(missing: ["chol": ["0", "none"]])
        let read = try Self.table("chol,bp\n0.0,0\n200,1\nnone,2\n", options)
        #expect(read["chol"]?.values == .integers([nil, 200, nil]) && read["bp"]?.values == .integers([0, 1, 2]))
    }
}

@Suite("Rows of one table in another")
struct SharedRowsTests {
    private func rows(_ values: [Double]) -> RawRows { RawRows(columns: [values], count: values.count) }

    @Test("A row of many digits is one too many; rows that the first table repeats prove nothing")
    func counts() {
        let long = [0.1234567, 0.2345678, 0.3456789, 0.4567891]
        let distinct = SharedRows(of: rows(long), in: rows([0.9876543, long[2], 0.8765432]))
        #expect(distinct.places == [1] && distinct.explained == 0 && distinct.isTooMany && distinct.lines == "2")
        let repeating = SharedRows(of: rows([1, 1, 2, 2]), in: rows([1, 2, 1]))
        #expect(repeating.places == [0, 1, 2] && repeating.single == 0 && !repeating.isTooMany)
        // A sensor that is off: all zeros in a fifth of the first table and in most of the second.
        let off = SharedRows(
            of: rows(.init(repeating: 0, count: 20) + (0..<80).map { Double($0) + 0.1234567 }),
            in: rows(.init(repeating: 0, count: 23) + (0..<7).map { Double($0) + 0.7654321 }))
        #expect(off.places.count == 23 && !off.isTooMany)
        let some = SharedRows(of: rows([1, 1] + (3...100).map(Double.init)), in: rows((50...99).map(Double.init)))
        #expect(some.places.count == 50 && some.isTooMany)
    }

    /// Independent tables of few digits meet by chance; whole rows that were copied are found all the same.
    @Test(arguments: [(3, 1), (2, 2), (1, 3)]) func independentTablesMeetByChance(columns: Int, digits: Int) {
        let scale = [10, 100, 1000][digits - 1] as Double
        func draw(_ count: Int, _ index: Int) -> RawRows {
            var stream = RandomStream(seed: 7, purpose: "test.shared.\(columns)", index: UInt64(index))
            return RawRows(
                columns: (0..<columns).map { _ in
                    stream.normal([count]).doubles.map { RawRows.kept(($0 * scale).rounded() / scale) }
                }, count: count)
        }
        let refused = (0..<200).count { trial in
            SharedRows(of: draw(200, 2 * trial), in: draw(150, 2 * trial + 1)).isTooMany
        }
        #expect(refused <= 4, "\(refused) of 200")
        let known = draw(200, 1)
        #expect(SharedRows(of: known, in: known.selecting(Array(0..<150))).isTooMany)
    }

    @Test("Missing values are equal to each other, 0 is -0, and no columns share no rows")
    func edges() {
        #expect(SharedRows(of: rows([.nan, 0]), in: rows([-0.0, .nan, 1])).places == [0, 1])
        let none = RawRows(columns: [], count: 3)
        #expect(SharedRows(of: none, in: none).places == [])
    }
}
