/// Thins long lists, the same way every time.
enum Subsample {
    /// At most `most` elements, evenly spread over the list, first and last included.
    static func evenly<Element>(_ list: [Element], most: Int) -> [Element] {
        guard list.count > most, most > 0 else { return most > 0 ? list : [] }
        guard most > 1 else { return [list[0]] }
        return (0..<most).map { list[$0 * (list.count - 1) / (most - 1)] }
    }
}
