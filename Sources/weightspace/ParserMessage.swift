import Foundation

/// What the parser of the command line says, in the form that all our messages have: the option, what it takes, what was
/// given; then where to read more.
enum ParserMessage {
    /// The message for the parser's own text.
    static func text(_ message: String) -> String {
        var lines = message.split(separator: "\n").map(String.init)
        let more = lines.last { $0.contains("for more information") }
        lines.removeAll { $0.hasPrefix("Usage: ") || $0.hasPrefix("Help: ") || $0 == more }
        let choices = lines.filter { $0.hasPrefix("  - ") }.map { String($0.dropFirst(4)) }
        lines.removeAll { $0.hasPrefix("  - ") }
        var text = lines.joined(separator: "\n")
        if text.hasPrefix("Error: ") { text.removeFirst("Error: ".count) }
        text = refusal(text, choices: choices)
        return [text, more.map { $0.trimmingCharacters(in: .whitespaces) }].compactMap { $0 }.joined(separator: "\n")
    }

    /// The shell writes out `*.pth`: what to do where files are left over; nil where none is.
    private static func severalFiles(_ text: String) -> String? {
        guard text.contains(/^([0-9]+ unexpected arguments|Unexpected argument)/),
            text.matches(of: /'([^']+)'/).contains(where: { FileManager.default.fileExists(atPath: String($0.1)) })
        else { return nil }
        let shown = text.count > 200 ? text.prefix(200) + "..." : text[...]
        return "\(shown) (of several files give their folder, and --pattern for some of them)"
    }

    /// "The value 'x' is invalid for '--seed <n>': expected y, found x" as "--seed: expected y, found x".
    private static func refusal(_ text: String, choices: [String]) -> String {
        guard let match = text.firstMatch(of: /^The value '(.*)' is invalid for '([^ '>]+)[^']*'(.*)$/) else {
            return severalFiles(text) ?? text
        }
        let (value, option, rest) = (match.1, match.2, match.3)
        if rest.hasPrefix(": ") { return "\(option)\(rest)" }
        var expected = "a number"
        if !choices.isEmpty {
            expected = "one of " + choices.joined(separator: ", ")
        } else if let list = rest.firstMatch(of: /Please provide (one of .*)\.$/) {
            expected = String(list.1).replacing("'", with: "")
        }
        return "\(option): expected \(expected), found \(value)"
    }
}
