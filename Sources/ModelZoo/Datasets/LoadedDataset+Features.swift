import Basics

/// Columns of a table and inputs of networks: which column is which input.
extension LoadedDataset {
    /// The same rows with the named features, in that order, where the table has all of them, in capitals or not; as
    /// they are where it has none, or where its columns are only counted.
    ///
    /// Throws `.malformed` where it has some of them and not all: which column is which input is then open.
    package func arranged(features: [String]) throws -> LoadedDataset {
        guard let columns, columns.features != features, case .floats(let all) = values else { return self }
        let places = Self.places(of: features, in: columns.features)
        let absent = features.indices.filter { places[$0] == nil }
        if absent.count == features.count || (!absent.isEmpty && Self.areCounted(columns.features)) { return self }
        guard absent.isEmpty else { throw lacks(absent.map { features[$0] }, of: features, columns.features) }
        let (order, width) = (places.compactMap { $0 }, featureCount)
        return LoadedDataset(
            name: name, sampleShape: [order.count], labels: labels, classNames: classNames,
            officialTrainCount: officialTrainCount, sha256: sha256, files: files, usualPreparation: usualPreparation,
            values: .floats((0..<count).flatMap { row in order.map { all[row * width + $0] } }),
            columns: Columns(label: columns.label, features: features, index: columns.index))
    }

    /// What is said of columns that the zoo does not record and that an arrangement of these rows left out.
    func leftOut(in arranged: LoadedDataset) -> String {
        guard let own = columns?.features, let kept = arranged.columns?.features, kept.count < own.count else {
            return ""
        }
        let taken = Set(Self.places(of: kept, in: own).compactMap { $0 })
        let left = own.indices.filter { !taken.contains($0) }.map { "'\(own[$0].printable(limit: 40))'" }
        let shown = left.prefix(4).joined(separator: ", ") + (left.count > 4 ? " and \(left.count - 4) more" : "")
        return ", \(shown) \(left.count == 1 ? "is not an input" : "are not inputs") of the networks"
    }

    /// The place of every wanted name: as it is written, else without regard to capitals and blanks around it, where
    /// that is still one column.
    private static func places(of wanted: [String], in names: [String]) -> [Int?] {
        func plain(_ name: String) -> String {
            name.lowercased().split(separator: " ", omittingEmptySubsequences: true).joined(separator: " ")
        }
        let exact = Dictionary(grouping: names.indices) { names[$0] }
        let loose = Dictionary(grouping: names.indices) { plain(names[$0]) }
        let isLoose = Set(wanted.map(plain)).count == wanted.count
        let found = wanted.map { name -> Int? in
            if let places = exact[name], places.count == 1 { return places[0] }
            guard isLoose, let places = loose[plain(name)], places.count == 1 else { return nil }
            return places[0]
        }
        let known = found.compactMap { $0 }
        return Set(known).count == known.count ? found : wanted.map { _ in nil }
    }

    /// Whether names are 0, 1, 2, ... or 1, 2, 3, ...: nobody gave them.
    private static func areCounted(_ names: [String]) -> Bool {
        guard let first = names.first.flatMap({ Int($0) }), first == 0 || first == 1 else { return false }
        return names.indices.allSatisfy { names[$0] == "\(first + $0)" }
    }

    private func lacks(_ absent: [String], of wanted: [String], _ names: [String]) -> DataError {
        func shown(_ list: [String]) -> String {
            list.prefix(4).map { "'\($0.printable(limit: 40))'" }.joined(separator: ", ")
                + (list.count > 4 ? " and \(list.count - 4) more" : "")
        }
        let others = names.filter { name in !wanted.contains { $0.lowercased() == name.lowercased() } }
        return DataError(
            .malformed, path: "dataset \(name)",
            problem:
                "it has \(wanted.count - absent.count) of the \(wanted.count) columns that the zoo records, but not "
                + shown(absent) + (others.isEmpty ? "" : "; \(shown(others)) is none of them"),
            hint: "name its columns as the zoo does; without a header they are taken in their order")
    }
}
