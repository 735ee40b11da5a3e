import Basics
import Evaluation
import Foundation
import Generation
import ModelZoo
import Networks
import Reports
import Tensors

/// Judges networks that somebody brought beside a zoo, its fresh networks and every baseline: the verdict of a run, and
/// the certificate.
struct Certification {
    let networks: EvaluatedNetworks
    /// Where the networks stand.
    let path: String
    /// Where the zoo stands.
    let zooPath: String
    let catalog: DatasetCatalog
    /// Bars of the novelty-and-performance profile; empty for the usual one.
    let bars: [Double]
    /// What is doubtful about the data.
    let doubt: String?
    /// The finish that every population but the zoo is given beside being judged as it is.
    let finish: Finish
    /// The processes that judge.
    let sharing: any WorkSharing
    let reporter: any ProgressReporter

    /// What the networks are called in tables.
    static let label = "networks of the file"
    /// Baselines have as many networks as are judged, but no fewer and no more than these.
    private static let baselineCounts = 20...100

    /// Everything that is measured of the networks.
    func outcome(beside zoo: Zoo, on judged: JudgedDataset) throws -> EvaluateOperation.Outcome {
        let isItself = path == zooPath || networks.zoo?.weights == zoo.weights
        let data = try aligned(zoo)
        let id = RunID(arm: "main", seed: 0)
        let judge = try Judge(data, reference: data.rows.train[0], id: id, finish: finish, sharing: sharing)
        let own = judge.judgeZoo()
        var run = ReportInput.Run(seed: 0)
        var results = own
        let subject = try networks.zoo.map { try population($0) }
        if let subject { results.append(try judge.judge(subject)) }
        try addBaselines(judge, data, to: &results)
        run.populations = results.map(\.row)
        if subject == nil {
            run.populations.insert(
                EvaluationRow(arm: id.arm, seed: id.seed, lost: networks.lost, of: .generated), at: own.count)
        }
        run.directions = ExperimentRun.directions(results, unit: judge.unit)
        run.verdict = Verdict(judging: run.populations, chance: 1 / Double(data.classCount))
        run.certificate = try certificate(judge, run.populations, subject)
        run.diagnosis = diagnosis(data, run.populations, subject)
        run.facts = facts(data, judged)
        let doubts = [
            isItself ? "the networks are the zoo's own, so each lies at distance 0 from itself" : nil,
            lossDoubt, data.doubt?.contains(doubt ?? "") == true ? nil : doubt, data.doubt,
            judge.yardstickDoubt(own, isOneRun: data.isOneRun),
        ].compactMap { $0 }
        return EvaluateOperation.Outcome(
            rows: run.populations.map(\.withoutPoints), doubt: doubts.isEmpty ? nil : doubts.joined(separator: "; "),
            data: JudgedOn(judged, count: data.test.labels.count), notes: networks.notes, report: report(run))
    }

    /// The zoo in the frame of its first training network, with its data.
    private func aligned(_ zoo: Zoo) throws -> JudgingData {
        let reference = try ZooPopulation(zoo, path: zooPath).rows.train[0]
        let aligned = try Aligner().align(
            zoo, reference: reference, path: zooPath, progress: reporter.progress("aligning the zoo")
        ).zoo
        return try JudgingData(aligned, path: zooPath, catalog: catalog, recalibrates: zoo.layout.bufferCount > 0)
    }

    private func population(_ zoo: Zoo) throws -> Population {
        Population(
            kind: .generated, label: Self.label, weights: zoo.population(), buffers: zoo.bufferTensor(),
            lost: networks.lost)
    }

    /// Every baseline that needs no generator's codes: Gaussians are those of the aligned weights themselves.
    private func addBaselines(
        _ judge: Judge, _ data: JudgingData, to results: inout [EnsembleEvaluation.Result]
    ) throws {
        let weights = data.zoo.population(data.rows.train)
        var source = BaselineSource(weights: weights, codes: weights, seed: 0)
        let generated = results.first { $0.row.population == .generated }
        source.nearest = generated?.nearest.sampleToZoo.compactMap(\.index) ?? []
        (source.balanced, source.layout) = (judge.balancedZoo, data.zoo.layout)
        source.repair = data.averageRepair(zoo: source.balanced)
        let baselines = Baseline.all(EvaluationConfig().baselines, from: source)
        let count = min(max(networks.count, Self.baselineCounts.lowerBound), Self.baselineCounts.upperBound)
        let progress = reporter.progress("judging baselines")
        for (index, baseline) in baselines.enumerated() {
            try progress.report(index, of: baselines.count)
            let kind = PopulationKind.baseline(baseline)
            switch baseline.members(of: source, count: count) {
            case .weights(let weights), .codes(let weights):
                guard weights.shape[0] > 0 else { continue }
                results.append(try judge.judge(Population(kind: kind, weights: weights)))
            case .averages(let weights, let members):
                results.append(try judge.judge(Population(kind: kind, weights: weights, members: members)))
            case .zooRows(let rows):
                if !rows.isEmpty { results.append(try judge.judge(zooRows: rows, as: kind)) }
            }
        }
        try progress.report(baselines.count, of: baselines.count)
    }

    private func certificate(
        _ judge: Judge, _ rows: [EvaluationRow], _ subject: Population?
    ) throws -> Certificate {
        var certificate = Certificate(rows, bars: bars)
        certificate.diversity = try subject.flatMap { try judge.diversity(of: $0) }
        certificate.gain = subject.flatMap { judge.gain(of: $0) }
        certificate.budget = networks.run.flatMap { RunNetworks.rows(of: $0) }.flatMap { ErrorBudget($0) }
        return certificate
    }

    /// What is known of the causes: running statistics can be tried, all else only the run that drew the networks knows.
    private func diagnosis(_ data: JudgingData, _ rows: [EvaluationRow], _ subject: Population?) -> Diagnosis {
        var facts = DiagnosisFacts()
        if let subject, let own = subject.buffers, let recalibration = data.recalibration {
            facts.statistics = .init(
                of: .generated, own: data.meanAccuracy(subject.weights, own),
                refreshed: data.meanAccuracy(subject.weights, recalibration(subject.weights)),
                rows: SamplingConfig().calibrationCount)
        }
        facts.scaleDeviation = data.population.scaleDeviation
        var diagnosis = Diagnosis(facts, rows: rows)
        guard let known = networks.run.flatMap({ RunNetworks.diagnosis(of: $0) }) else { return diagnosis }
        // What the run measured of itself, but for what was measured of these files.
        diagnosis.findings = diagnosis.findings.map { own in
            if own.cause == .statistics, facts.statistics != nil { return own }
            return known.findings.first { $0.cause == own.cause } ?? own
        }
        return diagnosis
    }

    private var lossDoubt: String? {
        guard networks.lost > 0 else { return nil }
        return
            "\(networks.lost) of \(networks.count) networks hold numbers that are not finite and count as never right"
    }

    private func facts(_ data: JudgingData, _ judged: JudgedDataset) -> [ReportInput.Fact] {
        let rows = data.rows
        return [
            .init("networks", "\(networks.count) of \(path.printable())"),
            .init(
                "zoo",
                "\(zooPath.printable()): \(rows.train.count) training networks, \(rows.fresh.count) fresh ones"),
            .init("weights of a network", "\(data.zoo.layout.count)"),
            .init("judged on", JudgedOn(judged, count: data.test.labels.count).description.replacing("\n", with: "; ")),
        ]
    }

    private func report(_ run: ReportInput.Run) -> ReportInput? {
        guard let verdict = run.verdict else { return nil }
        var input = ReportInput(
            title: URL(fileURLWithPath: path).lastPathComponent,
            summary: Summary(rows: run.populations.map(\.withoutPoints), verdict: verdict))
        input.question = "Are these networks good, and are they new? \(path) beside the zoo \(zooPath)."
        input.arms = [.init(name: "main", runs: [run])]
        return input
    }
}
