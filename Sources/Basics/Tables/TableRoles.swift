/// Which column of a table holds the class, and which one only names or counts the rows, where nobody said so.
package enum TableRoles {
    /// Names by which a column of classes usually goes, the most telling first.
    private static let labels = [
        "label", "labels", "class", "classes", "target", "targets", "y", "class_label", "target_class",
    ]
    /// Names by which a column that names or counts the rows usually goes.
    private static let indices: Set<String> = [
        "", "unnamed: 0", "index", "idx", "id", "row", "rowid", "row_id", "rownames", "row_names", "sample_id",
        "imageid", "image_id",
    ]
    /// Rows that are looked at; later ones are like these.
    private static let sampledRows = 2000
    /// A column of more classes than this is no column of classes, unless it goes by a name of one.
    private static let mostClasses = 50

    /// Whether a column of this name is one of classes.
    static func isUsualLabel(_ name: String) -> Bool { labels.contains(name.lowercased()) }

    /// The column of classes: the one that goes by a usual name (`label`, `class`, `target`, `y`) and holds whole
    /// numbers or words; else the last one, unless it can be none and the first one can: image sets often begin
    /// with the class.
    static func label(in table: TableReader) throws -> Int {
        let named = labels.flatMap { name in table.names.indices.filter { table.names[$0].lowercased() == name } }
        let profiles = try Profile.all(of: table, columns: Set(named + [0, 1, table.width - 1]))
        func profile(_ column: Int) -> Profile { profiles[column] ?? Profile() }
        let last = table.width - 1
        if let column = named.first(where: { !profile($0).hasFractions }) {
            // Beside x, y is a coordinate: words, which are no feature, are the class then.
            let isCoordinate = table.names[column].lowercased() == "y" && profile(last).hasWords
            return isCoordinate ? last : column
        }
        guard table.width > 1 else { return last }
        // A column of words that is no class could be nothing.
        if named.isEmpty, let words = try onlyWords(in: table),
            let profile = try Profile.all(of: table, columns: [words])[words], profile.canBeClass, profile.isDense
        {
            return words
        }
        let first = table.width > 2 && isIndex(profile(0), name: table.names.first) ? 1 : 0
        let (front, back) = (profile(first), profile(last))
        if !back.canBeClass { return front.canBeClass && front.isDense ? first : named.first ?? last }
        // Both can be; a first column 0, 1, 2, ... of few beats a last one with gaps and more, such as a pixel.
        let isFirst = front.canBeClass && front.isCounting && !back.isDense && front.distinct < back.distinct
        return isFirst ? first : last
    }

    /// The column that only names or counts the rows, if the first or the last one does, as its name says, and all of its
    /// values differ; none of those that are `features`.
    package static func index(
        in table: TableReader, besides label: Int, features: Set<String> = []
    ) throws -> Int? {
        guard table.width > 2 else { return nil }
        let ends = [0, table.width - 1].filter { end in
            end != label && !(table.names.indices.contains(end) && features.contains(table.names[end]))
        }
        let profiles = try Profile.all(of: table, columns: Set(ends))
        return ends.first { end in
            let name = table.names.indices.contains(end) ? table.names[end] : nil
            return isIndex(profiles[end] ?? Profile(), name: end == 0 || name?.isEmpty == false ? name : nil)
        }
    }

    /// The one column with words in it, which can be no feature; nil where there are several, or none.
    private static func onlyWords(in table: TableReader) throws -> Int? {
        var (reader, rows, found) = (table, 0, Set<Int>())
        while rows < 50, found.count < 2, try reader.nextRow() {
            for column in 0..<reader.width where !reader.dialect.isGapOfNumbers(reader.bytes(column)) {
                if TableNumber.parseDouble(reader.bytes(column)) == nil { found.insert(column) }
            }
            rows += 1
        }
        return found.count == 1 ? found.first : nil
    }

    private static func isIndex(_ profile: Profile, name: String?) -> Bool {
        guard profile.rows > 0, profile.distinct == profile.rows, !profile.hasFractions else { return false }
        return name.map { indices.contains($0.lowercased()) } ?? false
    }

    /// What the values of one column are like.
    private struct Profile {
        /// Rows that were looked at.
        var rows = 0
        /// Different values.
        var distinct: Int { values.count }
        /// Whether a number that is not whole stands there.
        var hasFractions = false
        /// Whether every value is a whole number.
        var isWhole = true
        /// Whether a value is no number.
        var hasWords = false
        private var values: Set<ArraySlice<UInt8>> = []
        private var least = Double.infinity
        private var greatest = -Double.infinity

        /// Whether it can be a column of classes.
        var canBeClass: Bool { !hasFractions && (2...TableRoles.mostClasses).contains(distinct) }
        /// Whether whole numbers leave no gap from 0 or 1 on.
        var isCounting: Bool { isWhole && (least == 0 || least == 1) && greatest - least + 1 == Double(distinct) }
        /// The same, or words that occur again and again.
        var isDense: Bool { isCounting || (!isWhole && distinct * 2 <= rows) }

        mutating func add(_ text: ArraySlice<UInt8>, isMissing: Bool) {
            defer { rows += 1 }
            guard !isMissing else { return }
            values.insert(text)
            guard let number = TableNumber.parseDouble(text) else { return (isWhole, hasWords) = (false, true) }
            if number != number.rounded() { (hasFractions, isWhole) = (true, false) }
            (least, greatest) = (min(least, number), max(greatest, number))
        }

        static func all(of table: TableReader, columns: Set<Int>) throws -> [Int: Profile] {
            var profiles: [Int: Profile] = [:]
            let wanted = columns.filter { $0 < table.width }.sorted()
            for column in wanted { profiles[column] = Profile() }
            var (reader, rows) = (table, 0)
            while rows < TableRoles.sampledRows, try reader.nextRow() {
                for column in wanted {
                    profiles[column]?.add(reader.bytes(column), isMissing: reader.isMissing(column))
                }
                rows += 1
            }
            return profiles
        }
    }
}
