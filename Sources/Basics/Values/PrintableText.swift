extension String {
    /// The text as a message may show it: at most 120 characters, none of them a control character.
    ///
    /// Names in other people's files may hold anything; what a terminal would obey is shown as a replacement character.
    package func printable(limit: Int = 120) -> String {
        let shown = unicodeScalars.prefix(limit).map { $0.isUnprintable ? "\u{FFFD}" : String($0) }
        return shown.joined() + (unicodeScalars.count > limit ? "..." : "")
    }

    /// The whole text without what a terminal would obey, its lines and tabs kept.
    package var printableLines: String {
        guard unicodeScalars.contains(where: { $0.isUnprintable && $0 != "\n" && $0 != "\t" }) else { return self }
        return unicodeScalars.map { $0.isUnprintable && $0 != "\n" && $0 != "\t" ? "\u{FFFD}" : String($0) }.joined()
    }
}

extension Unicode.Scalar {
    /// Whether it is a control or a format character, the ones that turn the direction of writing included.
    fileprivate var isUnprintable: Bool {
        properties.generalCategory == .control || properties.generalCategory == .format
    }
}
