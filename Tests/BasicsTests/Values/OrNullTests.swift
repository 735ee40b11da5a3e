import Foundation
import Testing

@testable import Basics

@Suite("Wrapped numbers in JSON")
struct OrNullTests {
    private struct Record: Codable, Equatable {
        var name: String
        @OrNull var mean: Double
        @OrNull var error: Double?

        private enum CodingKeys: String, CodingKey {
            case name, mean
            case error = "standard_error"
        }
    }

    private static func read(_ text: String) throws -> Record {
        try JSONDecoder().decode(Record.self, from: Data(text.utf8))
    }

    @Test(
        "Without code of its own a type writes null for what is not finite, and nothing for what is not there",
        arguments: [
            (0.5, nil, #"{"mean":0.5,"name":"a"}"#),
            (.nan, .infinity, #"{"mean":null,"name":"a","standard_error":null}"#),
            (-.infinity, 2, #"{"mean":null,"name":"a","standard_error":2}"#),
        ] as [(Double, Double?, String)])
    func writing(_ mean: Double, _ error: Double?, _ text: String) throws {
        #expect(try Tree(encoding: Record(name: "a", mean: mean, error: error)).text() == text)
    }

    @Test("Null is read as not a number, an absent optional as nil; finite numbers come back as they were")
    func reading() throws {
        let lost = try Self.read(#"{"name":"a","mean":null,"standard_error":null}"#)
        #expect(lost.mean.isNaN && lost.error?.isNaN == true && lost != lost, "NaN equals nothing, as ever")
        let bare = try Self.read(#"{"name":"a","mean":0.1}"#)
        #expect(bare == Record(name: "a", mean: 0.1, error: nil))
        #expect(try Self.read(#"{"name":"a","mean":1,"standard_error":0.3}"#).error == 0.3)
    }

    @Test(
        "A number that must be there is missed by name; a text is no number",
        arguments: [
            (#"{"name":"a"}"#, "no key mean"), (#"{"name":"a","mean":"1"}"#, "a value at mean that is not a number"),
            (#"{"name":"a","mean":1,"standard_error":[]}"#, "a value at standard_error that is not a number"),
        ])
    func refusing(_ text: String, _ reason: String) throws {
        let error = try #require(#expect(throws: DecodingError.self) { try Self.read(text) })
        #expect(error.reason == reason)
    }

    @Test("In a list a wrapped number stands by itself")
    func alone() throws {
        let list = [OrNull(wrappedValue: 1.0), OrNull(wrappedValue: 2.5)]
        let data = try JSONEncoder().encode(list)
        #expect(String(decoding: data, as: UTF8.self) == "[1,2.5]")
        #expect(try JSONDecoder().decode([OrNull<Double>].self, from: data) == list)
    }
}
