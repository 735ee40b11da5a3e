import Basics

extension Sequence<String> {
    /// The first few of some names, for a message: a longer list ends with how many more there are.
    /// `count` is how many there are, where not all were made.
    func shownFirst(_ most: Int = 5, of count: Int? = nil) -> String {
        let names = Array(self)
        let count = count ?? names.count
        let more = count > most ? " and \(count - most) more" : ""
        return (names.prefix(most).joined(separator: ", ") + more).printable(limit: 600)
    }
}
