import Basics
import ModelZoo

/// The histograms of a zoo's recorded accuracies.
struct PopulationCharts {
    let columns: ZooColumns

    /// Every recorded accuracy over all networks, one below the other on one axis; nil without numbers.
    func accuracies() -> String? {
        let looks = ["train_accuracy": "zoo", "validation_accuracy": "average", "test_accuracy": "generated"]
        let names = ["train_accuracy", "validation_accuracy", "test_accuracy"]
            + columns.names.filter { $0.hasSuffix("_accuracy") && looks[$0] == nil }
        return Self.picture(
            names.compactMap { name in
                known(name).map { (name: name.replacing("_", with: " "), what: looks[name] ?? "other", values: $0) }
            }, title: "accuracy", summary: "Histograms of recorded accuracies")
    }

    /// The test accuracy (or, where there is none, the validation accuracy) by the split of the networks; nil where
    /// there are not two splits.
    func bySplit() -> (title: String, picture: String?)? {
        guard let name = ["test_accuracy", "validation_accuracy"].first(where: { known($0) != nil }),
            let values = columns.numbers(name)
        else { return nil }
        let looks: [(ZooSplit, String)] = [(.train, "zoo"), (.validation, "average"), (.test, "fresh")]
        let parts = looks.compactMap { split, look in
            let found = columns.rows(in: split).map { values[$0] }.filter(\.isFinite)
            return found.isEmpty ? nil : (name: "\(split) networks", what: look, values: found)
        }
        guard parts.count >= 2 else { return nil }
        let title = name.replacing("_", with: " ")
        return (
            title.prefix(1).uppercased() + title.dropFirst(),
            Self.picture(parts, title: title, summary: "Histograms of \(title) by split")
        )
    }

    private func known(_ name: String) -> [Double]? {
        guard let values = columns.numbers(name)?.filter(\.isFinite), !values.isEmpty else { return nil }
        return values
    }

    private static func picture(
        _ parts: [(name: String, what: String, values: [Double])], title: String, summary: String
    ) -> String? {
        guard !parts.isEmpty else { return nil }
        let axis = Axis(
            title: "\(title) (the scale widens towards 100 %)", scale: .accuracyShare,
            covering: parts.flatMap(\.values), margin: 0.05, limits: 0...1, label: .percent)
        let ridges = parts.map { part in
            RidgePlot.Ridge(
                name: part.name, what: part.what, values: part.values,
                note: NumberText.percent(Spread(of: part.values)) + " %")
        }
        return RidgePlot(ridges: ridges, axis: axis).picture(summary: summary)
    }
}
