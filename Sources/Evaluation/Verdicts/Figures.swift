import Foundation

/// Numbers as sentences show them.
enum Figures {
    /// A fraction in percent with one decimal: "96.1 %".
    static func percent(_ fraction: Double) -> String {
        fraction.isFinite ? String(format: "%.1f %%", fraction * 100) : "an unknown share"
    }

    /// A ratio with two significant digits: "0.02", "0.93", "1.2".
    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "unknown" }
        if value > 0 && value < 1e-4 { return "less than 0.0001" }
        return value >= 100 ? String(format: "%.0f", value) : String(format: "%.2g", value)
    }
}
