import Foundation

/// Numbers as people read them: sensible digits, a true minus, and a dash where there is no number.
package enum NumberText {
    /// What stands where a number was not measured or is not finite.
    package static let missing = "–"

    /// A fraction as a percentage without the sign: 0.9611 is "96.11".
    package static func percent(_ fraction: Double?, digits: Int = 2) -> String {
        fixed(fraction.map { $0 * 100 }, digits: digits)
    }

    /// A ratio around 1: two decimals from 0.1 on, two significant digits below.
    package static func ratio(_ value: Double?) -> String {
        guard let value, value.isFinite else { return missing }
        let size = abs(value)
        if size >= 1000 { return significant(value, digits: 3) }
        if size >= 10 { return fixed(value, digits: 1) }
        if size >= 0.095 || size < 1e-12 { return fixed(value, digits: size < 1e-12 ? 0 : 2) }
        return significant(value, digits: 2)
    }

    /// A fixed number of decimals.
    package static func fixed(_ value: Double?, digits: Int) -> String {
        guard let value, value.isFinite else { return missing }
        guard abs(value) < 1e15 else { return significant(value, digits: 3) }
        let text = String(format: "%.\(digits)f", value)
        return typographic(text)
    }

    /// A number of significant digits, without trailing zeros; powers of ten outside 0.0001 to 1,000,000.
    package static func significant(_ value: Double?, digits: Int = 3) -> String {
        guard let value, value.isFinite else { return missing }
        if value == 0 { return "0" }
        let exponent = Int(floor(log10(abs(value))))
        if exponent < -4 || exponent >= 6 {
            let mantissa = String(format: "%.\(Swift.max(0, digits - 1))e", value)
            return scientific(mantissa)
        }
        let text = String(format: "%.\(Swift.max(0, digits - 1 - exponent))f", value)
        return grouped(trimmed(text))
    }

    /// A whole number with thousands set apart: "14,634".
    package static func count(_ value: Int?) -> String {
        value.map { grouped(String($0)) } ?? missing
    }

    /// A duration: "85 ms", "3.2 s", "4 min 12 s", "2 h 05 min".
    package static func seconds(_ value: Double?) -> String {
        guard let value, value.isFinite, value < 1e12 else { return missing }
        if value < 0 { return "−" + seconds(-value) }
        if value == 0 { return "0 s" }
        if value < 0.001 { return significant(value * 1e6, digits: 2) + " µs" }
        if value < 0.9995 { return significant(value * 1000, digits: 3) + " ms" }
        if value < 99.5 { return significant(value, digits: 3) + " s" }
        let whole = Int(value.rounded())
        if whole < 3600 { return "\(whole / 60) min \(twoDigits(whole % 60)) s" }
        return "\(whole / 3600) h \(twoDigits(whole % 3600 / 60)) min"
    }

    private static func twoDigits(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }

    /// "1.50e-05" becomes "1.5×10⁻⁵".
    private static func scientific(_ text: String) -> String {
        let parts = text.split(separator: "e")
        guard parts.count == 2, let exponent = Int(parts[1]) else { return typographic(text) }
        let raised = String(String(exponent).map { superscripts[$0] ?? $0 })
        let mantissa = trimmed(String(parts[0]))
        if mantissa == "1" { return "10\(raised)" }
        return "\(typographic(mantissa))×10\(raised)"
    }

    private static let superscripts: [Character: Character] = [
        "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴",
        "5": "⁵", "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
    ]

    private static func trimmed(_ text: String) -> String {
        guard text.contains(".") else { return text }
        var text = Substring(text)
        while text.last == "0" { text = text.dropLast() }
        if text.last == "." { text = text.dropLast() }
        return String(text)
    }

    /// Sets thousands apart with commas and puts a true minus in front.
    private static func grouped(_ text: String) -> String {
        let negative = text.hasPrefix("-")
        let parts = (negative ? text.dropFirst() : Substring(text)).split(separator: ".")
        guard let whole = parts.first else { return text }
        var result = ""
        for (index, digit) in whole.enumerated() {
            if index > 0, (whole.count - index) % 3 == 0 { result.append(",") }
            result.append(digit)
        }
        if parts.count > 1 { result += "." + parts[1] }
        return negative ? "−" + result : result
    }

    /// Replaces a leading hyphen with a minus; a zero has none.
    private static func typographic(_ text: String) -> String {
        guard text.hasPrefix("-") else { return text }
        let size = text.dropFirst()
        return size.allSatisfy { $0 == "0" || $0 == "." } ? String(size) : "−" + size
    }
}
