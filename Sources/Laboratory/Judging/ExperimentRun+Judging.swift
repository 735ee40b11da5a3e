import Evaluation
import Foundation
import Generation
import ModelZoo
import Networks
import Tensors

/// What a run amounts to: rows for the summary and everything its report draws.
struct RunResult: Codable {
    var rows: [Summary.Row]
    var report: ReportInput.Run
    var chance: Double
    var isDiverged: Bool
    /// Seconds by stage: the only part that depends on the clock.
    var timing: [String: Double] = [:]

    /// Reads what the judging stage wrote.
    init(reading url: URL) throws {
        let decoder = JSONDecoder()
        decoder.nonConformingFloatDecodingStrategy = .convertFromString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        self = try StoredJSON.read(Self.self, url, decoder: decoder, expected: "what a run measured")
    }

    init(rows: [Summary.Row], report: ReportInput.Run, chance: Double, isDiverged: Bool) {
        self.rows = rows
        self.report = report
        self.chance = chance
        self.isDiverged = isDiverged
    }

    var verdict: Summary.Verdict {
        var verdict = Summary.Verdict(judging: rows, chance: chance, diverged: isDiverged)
        if isDiverged {
            verdict.text += " Try a lower training.rate."
            verdict.reasons.append("the last weights seen to work were used; a lower training.rate may help")
        }
        return verdict
    }

    func json() throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
        return try encoder.encode(self)
    }
}

extension ExperimentRun {
    /// Judges the generated networks beside the zoo, held-out networks and every baseline.
    func judge() throws -> Bool {
        try folder.stage("judging") { writer in
            let data = try data("aligned.h5")
            if let doubt = data.doubt { reporter.note("doubt: \(doubt)") }
            let stored = try GeneratorStore(folder: folder.file("generator")).read()
            let trained = config.align.enabled ? data : try self.data("zoo.h5")
            let coordinates = stored.generator.coordinates
            let codes = coordinates.encode(trained.zoo.population(data.rows.train))
            let judge = try Judge(
                data, reference: alignmentFacts().reference, id: RunID(arm: arm, seed: seed), zooCodes: codes)
            let populations = try populations(data, codes: codes, coordinates: coordinates)

            let progress = progress("judging")
            var results = judge.judgeZoo()
            for (index, population) in populations.enumerated() {
                try progress(index + 1, populations.count + 2)
                results.append(try judge.judge(population))
            }
            if let nearest = nearestZoo(results, data) { results.append(try judge.judge(nearest)) }
            try progress(populations.count + 2, populations.count + 2)

            var report = ReportInput.Run(seed: seed)
            report.populations = results.map(\.points)
            report.scatter = scatter(populations, data, codes, coordinates)
            report.directions = Self.directions(results)
            report.loss = try lossCurve()
            report.alignment = try alignmentReport()
            report.facts = facts(data, stored.description)
            let result = RunResult(
                rows: results.map(\.row), report: report, chance: 1 / Double(data.classCount),
                isDiverged: stored.description.divergedAtStep != nil)
            try writer.write("evaluation.json", String(decoding: try result.json(), as: UTF8.self) + "\n")
        }
    }

    /// Generated networks and baselines, in the order of the report.
    private func populations(
        _ data: JudgingData, codes: Tensor, coordinates: any Coordinates
    ) throws -> [Population] {
        let zoo = data.zoo.population(data.rows.train)
        return [try generated(coordinates)].compactMap { $0 }
            + baselines(zoo: zoo, codes: codes, coordinates: coordinates)
    }

    private func generated(_ coordinates: any Coordinates) throws -> Population? {
        let notes = try JSONValue(parsing: Data(contentsOf: folder.file("sampling.json")), path: "sampling.json")
        let lost = notes["not_finite"]?.double.flatMap { Int(exactly: $0) } ?? 0
        guard lost >= 0, lost < config.sampling.count else { return nil }
        let weights = try ZooReader(path: folder.file("ensemble.h5").path).readAll().population()
        return Population(
            what: "generated", label: "generated networks", weights: weights, codes: coordinates.encode(weights),
            notFinite: lost)
    }

    /// For each generated network the zoo network nearest to it: what retrieval would have given.
    private func nearestZoo(_ results: [Judge.Result], _ data: JudgingData) -> Population? {
        guard let generated = results.first(where: { $0.row.what == "generated" }) else { return nil }
        let rows = generated.nearest.sampleToZoo.compactMap(\.index).map { data.rows.train[$0] }
        guard !rows.isEmpty else { return nil }
        return Population(what: "nearest-zoo", label: "nearest zoo network", weights: data.zoo.population(rows))
    }
}
