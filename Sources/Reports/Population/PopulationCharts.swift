import Basics
import Evaluation

/// The histograms of a zoo's recorded accuracies.
struct PopulationCharts {
    let picture: PopulationPicture

    /// Every recorded accuracy over all networks, one below the other on one axis; nil without numbers.
    func accuracies() -> String? {
        Self.picture(
            picture.accuracies.map { Part(name: $0.name, look: Self.look(of: $0.measured), values: $0.values) },
            title: "accuracy", summary: "Histograms of recorded accuracies")
    }

    /// The test accuracy (or, where there is none, the validation accuracy) by the split of the networks; nil where
    /// there are not two splits.
    func bySplit() -> (title: String, picture: String?)? {
        guard let divided = picture.bySplit else { return nil }
        let parts: [Part] = [
            Part(name: "training networks", look: .zoo, values: divided.training),
            Part(name: "validation networks", look: .average, values: divided.validation),
            Part(name: "fresh networks", look: .fresh, values: divided.fresh),
        ].filter { !$0.values.isEmpty }
        guard parts.count >= 2 else { return nil }
        return (
            divided.name.prefix(1).uppercased() + divided.name.dropFirst(),
            Self.picture(parts, title: divided.name, summary: "Histograms of \(divided.name) by split")
        )
    }

    private struct Part {
        let name: String
        let look: SeriesStyle.Family
        let values: [Double]
    }

    private static func look(of rows: PopulationPicture.Rows?) -> SeriesStyle.Family {
        switch rows {
        case .training: .zoo
        case .validation: .average
        case .test: .generated
        case nil: .other
        }
    }

    private static func picture(
        _ parts: [Part], title: String, summary: String
    ) -> String? {
        guard !parts.isEmpty else { return nil }
        let axis = Axis(
            title: "\(title) (the scale widens towards 100 %)", scale: .accuracyShare,
            covering: parts.flatMap(\.values), margin: 0.05, limits: 0...1, label: .percent)
        let ridges = parts.map { part in
            RidgePlot.Ridge(
                name: part.name, style: SeriesStyle(family: part.look), values: part.values,
                note: NumberText.percent(SampleStatistics(part.values)) + " %")
        }
        return RidgePlot(ridges: ridges, axis: axis).picture(summary: summary)
    }
}
