import Foundation
import TestSupport

/// Numbers of SciPy and others; see `Scripts/make_shift_fixtures.py`.
enum ShiftFixtures {
    /// Reads `Tests/Fixtures/shift/<name>.json`.
    static func read<Content: Decodable>(_ name: String, as _: Content.Type) throws -> Content {
        let file = fixturesFolder.appending(path: "shift/\(name).json")
        return try JSONDecoder().decode(Content.self, from: Data(contentsOf: file))
    }
}

/// A statistic and its p-value, under whichever name it has.
struct ReferenceTest: Decodable {
    let statistic: Double?
    let u: Double?
    let p: Double
    let degrees: Int?
}

/// Whether two numbers are equal up to a relative error.
func near(_ a: Double, _ b: Double, _ tolerance: Double = 1e-12) -> Bool {
    abs(a - b) <= tolerance * max(abs(a), abs(b)) || abs(a - b) <= 1e-300
}
