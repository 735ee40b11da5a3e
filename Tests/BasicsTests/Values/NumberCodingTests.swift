import Foundation
import Testing

@testable import Basics

@Suite("Numbers that are not finite in JSON")
struct NumberCodingTests {
    private struct Record: Codable {
        var mean = 0.5
        var sd: Double?
        var values: [Double] = []

        enum CodingKeys: CodingKey { case mean, sd, values }

        init(mean: Double, sd: Double?, values: [Double]) { (self.mean, self.sd, self.values) = (mean, sd, values) }

        init(from decoder: any Decoder) throws {
            let fields = try decoder.container(keyedBy: CodingKeys.self)
            mean = try fields.decodeNumber(forKey: .mean)
            sd = try fields.decodeNumberIfPresent(forKey: .sd)
            values = try fields.decodeNumbers(forKey: .values)
        }

        func encode(to encoder: any Encoder) throws {
            var fields = encoder.container(keyedBy: CodingKeys.self)
            try fields.encodeNumber(mean, forKey: .mean)
            try fields.encodeNumberIfPresent(sd, forKey: .sd)
            try fields.encodeNumbers(values, forKey: .values)
        }
    }

    private static func read(_ text: String) throws -> Record {
        try JSONDecoder().decode(Record.self, from: Data(text.utf8))
    }

    @Test("They are written as null; what is absent is not written")
    func writing() throws {
        let record = Record(mean: .nan, sd: -.infinity, values: [1, .infinity, 2.5, .nan])
        #expect(try Tree(encoding: record).text() == #"{"mean":null,"sd":null,"values":[1,null,2.5,null]}"#)
        #expect(try Tree(encoding: Record(mean: 2, sd: nil, values: [])).text() == #"{"mean":2,"values":[]}"#)
    }

    @Test("Null is read as not a number, an absent optional as nil")
    func reading() throws {
        let record = try Self.read(#"{"mean":null,"sd":null,"values":[1,null]}"#)
        #expect(record.mean.isNaN && record.sd?.isNaN == true && record.values[0] == 1 && record.values[1].isNaN)
        let bare = try Self.read(#"{"mean":1,"values":[]}"#)
        #expect(bare.mean == 1 && bare.sd == nil && bare.values.isEmpty)
    }

    @Test(
        "A number that must be there is missed by name; a text is no number",
        arguments: [
            (#"{"values":[]}"#, "no key mean"), (#"{"mean":"1","values":[]}"#, "a value at mean that is not a number"),
            (#"{"mean":1}"#, "no key values"),
            (#"{"mean":1,"sd":[],"values":[]}"#, "a value at sd that is not a number"),
        ])
    func refusing(_ text: String, _ reason: String) throws {
        let error = try #require(#expect(throws: DecodingError.self) { try Self.read(text) })
        #expect(error.reason == reason && DecodingError.reason(of: error) == reason)
    }

    @Test("Stored JSON has sorted keys and null for what is not finite, whatever the texts say")
    func stored() throws {
        struct Named: Codable, Equatable {
            var z = Double.nan, a = "\u{0}not finite\u{0} \"x\" /", list = [1, -Double.infinity]
        }
        let text = String(decoding: try StoredJSON.data(of: Named()), as: UTF8.self)
        #expect(text == #"{"a":"\u0000not finite\u0000 \"x\" /","list":[1,null],"z":null}"#)
    }
}
