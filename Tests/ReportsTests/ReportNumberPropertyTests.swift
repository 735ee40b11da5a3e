import Foundation
import Testing
import TestSupport

@testable import Basics
@testable import Reports

/// What people read is the number that was measured, to the digits that are shown.
@Suite("Numbers as text, read back")
struct ReportNumberPropertyTests {
    private static let superscripts = Array("⁰¹²³⁴⁵⁶⁷⁸⁹")

    /// The number that a text stands for.
    private static func read(_ text: String) throws -> Double {
        var parts = text.replacing(",", with: "").replacing("−", with: "-").replacing("×10", with: "e")
        if parts.hasPrefix("10"), parts.contains(where: { superscripts.contains($0) || $0 == "⁻" }) {
            parts = "1e" + parts.dropFirst(2)
        }
        let plain = parts.map { character -> String in
            superscripts.firstIndex(of: character).map(String.init) ?? (character == "⁻" ? "-" : String(character))
        }
        return try #require(Double(plain.joined()), "\(text)")
    }

    /// Numbers of both signs and many sizes, and some beside powers of ten.
    private static let values: [Double] = {
        var random = RandomChoices(state: 3)
        let drawn: [Double] = (0..<300).map { _ in
            let size: Double = pow(10, Double.random(in: -14...14, using: &random))
            return Bool.random(using: &random) ? size : -size
        }
        let powers: [Double] = (-6...7).map { pow(10, Double($0)) }
        return drawn + powers + powers.map { $0 * (1 - 1e-9) } + powers.map { $0 * 9.996 }
    }()

    @Test("significant digits are within half a unit of the last", arguments: [1, 2, 3, 6])
    func significant(_ digits: Int) throws {
        for value in Self.values {
            let text = NumberText.significant(value, digits: digits)
            let error = abs(try Self.read(text) - value)
            #expect(error <= 0.5001 * pow(10, 1 - Double(digits)) * abs(value), "\(value): \(text)")
        }
    }

    /// From 0.095 on there are two decimals: half a unit of the last is then 5.3 % at most.
    @Test("ratios keep two digits, and their sign")
    func ratios() throws {
        for value in Self.values where abs(value) >= 1e-12 {
            let text = NumberText.ratio(value)
            let read = try Self.read(text)
            #expect(abs(read - value) <= 0.053 * abs(value) && (read < 0) == (value < 0), "\(value): \(text)")
        }
    }

    @Test("fixed decimals are within half a unit of the last, without a minus before zero", arguments: [0, 1, 3])
    func fixed(_ digits: Int) throws {
        for value in Self.values {
            let text = NumberText.fixed(value, digits: digits)
            let read = try Self.read(text)
            #expect(abs(read - value) <= 0.5001 * pow(10, -Double(digits)) + 1e-12 * abs(value), "\(value): \(text)")
            #expect(read != 0 || !text.contains("−"), "\(value): \(text)")
        }
    }
}
