import Basics

extension Sequence<String> {
    /// The first few of some names, for a message: a longer list ends with how many more there are.
    func shownFirst(_ most: Int = 5) -> String {
        let names = Array(self)
        let more = names.count > most ? " and \(names.count - most) more" : ""
        return (names.prefix(most).joined(separator: ", ") + more).printable(limit: 600)
    }
}
