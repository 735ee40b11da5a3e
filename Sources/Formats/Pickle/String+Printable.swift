extension String {
    /// The text as a message may show it: at most 120 characters, none of them a control character.
    func printable() -> String {
        let shown = unicodeScalars.prefix(120).map { scalar in
            scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
                ? "\u{FFFD}" : String(scalar)
        }
        return shown.joined() + (unicodeScalars.count > 120 ? "..." : "")
    }
}
