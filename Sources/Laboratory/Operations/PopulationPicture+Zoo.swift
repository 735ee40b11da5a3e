import Basics
import Foundation
import ModelZoo
import Reports

extension PopulationPicture {
    /// What the picture of a zoo file shows.
    init(_ inspection: ZooInspection, columns recorded: ZooColumns) {
        self.init(
            name: URL(fileURLWithPath: inspection.path).lastPathComponent, count: inspection.count,
            parameters: inspection.parameters, dataset: inspection.dataset)
        accuracies = Self.accuracies(recorded)
        bySplit = Self.bySplit(recorded)
        slots = inspection.slots.map {
            Slot(
                name: $0.name, shape: $0.shape, mean: $0.mean, deviation: $0.deviation, minimum: $0.minimum,
                maximum: $0.maximum, magnitudes: $0.magnitudes)
        }
        columns = inspection.columns.map {
            Column(
                name: $0.name, kind: $0.kind, missing: $0.missing, minimum: $0.minimum, mean: $0.mean,
                maximum: $0.maximum)
        }
        facts = Self.facts(inspection)
    }

    private static func known(_ name: String, _ columns: ZooColumns) -> [Double]? {
        guard let values = columns.numbers(name)?.filter(\.isFinite), !values.isEmpty else { return nil }
        return values
    }

    private static func accuracies(_ columns: ZooColumns) -> [Accuracies] {
        let usual: [(String, Rows?)] = [
            ("train_accuracy", .training), ("validation_accuracy", .validation), ("test_accuracy", .test),
        ]
        let others = columns.names.filter { name in
            name.hasSuffix("_accuracy") && !usual.contains { $0.0 == name }
        }
        return (usual + others.map { ($0, nil) }).compactMap { name, rows in
            known(name, columns).map { Accuracies(name: name.replacing("_", with: " "), measured: rows, values: $0) }
        }
    }

    private static func bySplit(_ columns: ZooColumns) -> BySplit? {
        guard let name = ["test_accuracy", "validation_accuracy"].first(where: { known($0, columns) != nil }),
            let values = columns.numbers(name)
        else { return nil }
        func of(_ split: ZooSplit) -> [Double] { columns.rows(in: split).map { values[$0] }.filter(\.isFinite) }
        return BySplit(
            name: name.replacing("_", with: " "), training: of(.train), validation: of(.validation), fresh: of(.test))
    }

    private static func facts(_ inspection: ZooInspection) -> [ReportInput.Fact] {
        let splits = ZooSplit.allCases.map { split in
            let name =
                switch split {
                case .train: "training"
                case .validation: "validation"
                case .test: "fresh"
                }
            return "\(name) \(NumberText.count(inspection.splits["\(split)"] ?? 0))"
        }
        func list(_ networks: [Int]) -> String {
            let names = networks.prefix(20).map(String.init).joined(separator: ", ")
            return networks.isEmpty ? "none" : "\(networks.count): \(names)"
        }
        return [
            .init("architecture", inspection.architecture ?? "unknown (layout only)"),
            .init("data set", inspection.dataset ?? "unknown"), .init("networks", splits.joined(separator: ", ")),
            .init("checkpoints", inspection.checkpoints.map { "up to \($0) a network" } ?? "none"),
            .init("created with", inspection.createdWith.isEmpty ? "unknown" : inspection.createdWith),
            .init("checksums", inspection.checksums.rawValue), .init("damaged", list(inspection.damaged)),
            .init("not finite", list(inspection.nonFinite)), .init("digest of the networks", inspection.contentDigest),
        ]
    }
}
