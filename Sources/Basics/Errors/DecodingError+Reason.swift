import Foundation

extension DecodingError {
    /// What is wrong and where, for messages: what stands after "found".
    package var reason: String {
        switch self {
        case .keyNotFound(let key, let context): return "no key \(Self.place(context, key))"
        case .typeMismatch(let type, let context):
            return "a value\(Self.at(context)) that is not \(Self.noun(type))"
        case .valueNotFound(let type, let context):
            return "nothing\(Self.at(context)), where \(Self.noun(type)) is needed"
        case .dataCorrupted(let context):
            let detail = (context.underlyingError as? NSError)?.userInfo[NSDebugDescriptionErrorKey] as? String
            if context.codingPath.isEmpty { return Self.syntax(detail ?? context.debugDescription) }
            return Self.clause(context.debugDescription) + Self.at(context)
        @unknown default: return "a value that cannot be used"
        }
    }

    /// The reason of any error that decoding threw.
    package static func reason(of error: any Error) -> String {
        (error as? DecodingError)?.reason ?? (error as? DataError)?.description ?? "what this version cannot read"
    }

    /// What a person calls a value of a type.
    package static func noun(_ type: Any.Type) -> String {
        switch type {
        case is Bool.Type: return "true or false"
        case is String.Type: return "a text"
        case is any BinaryInteger.Type: return "a whole number"
        case is any BinaryFloatingPoint.Type: return "a number"
        default:
            let name = "\(type)"
            if name.hasPrefix("Array") { return "a list" }
            return name.hasPrefix("Dictionary") ? "a section of keys and values" : "what is needed there"
        }
    }

    private static func place(_ context: Context, _ last: (any CodingKey)? = nil) -> String {
        (context.codingPath + (last.map { [$0] } ?? [])).map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }
            .joined(separator: ".").replacing(".[", with: "[")
    }

    private static func at(_ context: Context) -> String {
        context.codingPath.isEmpty ? "" : " at \(place(context))"
    }

    /// The words of Foundation's JSON reader in ours.
    private static func syntax(_ detail: String) -> String {
        if let match = detail.firstMatch(of: /line (\d+), column (\d+)/) {
            return "text that is not JSON from line \(match.1), column \(match.2) on"
        }
        if detail.contains("end of file") { return "text that ends in the middle" }
        return detail.contains("not valid JSON") || detail.contains("JSON text did not")
            ? "text that is not JSON" : clause(detail)
    }

    /// A sentence as a part of another one.
    private static func clause(_ text: String) -> String {
        let text = text.hasSuffix(".") ? text.dropLast() : text[...]
        guard let first = text.first, text.dropFirst().first?.isLowercase == true else { return String(text) }
        return first.lowercased() + text.dropFirst()
    }
}
