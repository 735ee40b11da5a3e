import ArgumentParser
import Basics

/// Numbers on the command line: what they may be, and one way to say so.
enum Numbers {
    /// The seed that a text gives; the parser names the option.
    static func seed(_ text: String) throws -> Int {
        guard let seed = Int(text), Seed.range.contains(seed) else {
            throw ValidationError("expected \(Seed.expectation), found \(text)")
        }
        return seed
    }

    /// `1 network`, `2 networks`.
    static func networks(_ count: Int) -> String { "\(count) network\(count == 1 ? "" : "s")" }

    /// Throws `ValidationError` that names the option where its number is out of range.
    static func check(_ option: String, _ value: Int, in range: ClosedRange<Int>) throws {
        guard !range.contains(value) else { return }
        throw ValidationError(
            "\(option): expected a whole number from \(range.lowerBound) to \(range.upperBound), found \(value)")
    }

    /// The same of a share from `least` to below `end`.
    static func check(_ option: String, _ value: Double, from least: Double, below end: Double) throws {
        guard value >= least, value < end else {
            throw ValidationError(
                "\(option): expected a share from \(NumberText.significant(least)) to below "
                    + "\(NumberText.significant(end)), found \(value)")
        }
    }
}
