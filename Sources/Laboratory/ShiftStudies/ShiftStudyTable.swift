import Basics
import Foundation
import Reports
import ShiftDetection

/// What all splits of a study came to: how often each method finds each place, and what was estimated.
struct ShiftStudyTable {
    private let section: ShiftStudyConfig.Section
    private let splits: [ShiftSplitResult]
    /// Places in the order in which they stand in a table: as they came, P's own samples last.
    let places: [String]

    init(_ section: ShiftStudyConfig.Section, splits: [ShiftSplitResult]) {
        (self.section, self.splits) = (section, splits)
        var seen: [String] = []
        for sample in splits.flatMap(\.samples) where !seen.contains(sample.place) { seen.append(sample.place) }
        places = seen.filter { $0 != ShiftStudySplit.null } + [ShiftStudySplit.null]
    }

    /// Everything a page and a terminal show.
    func report(name: String, question: String, seconds: Double) -> ShiftStudyReport {
        var report = ShiftStudyReport(
            name: name, question: question, places: places, sizes: section.sizes, alpha: section.alpha,
            margin: section.margin, metric: metric, decision: "\(section.method.kind), then \(section.estimator.kind)",
            splits: splits.count, different: names.map { row($0, isHarmful: false) },
            harmful: names.filter { isExact($0) }.map { row($0, isHarmful: true) } + [labelled],
            estimates: places.flatMap { place in section.sizes.compactMap { estimate(place, size: $0) } },
            fitSeconds: mean(splits.map(\.fitSeconds)) ?? .nan, seconds: seconds)
        if case .images(let images) = section.data {
            report.severities = images.damages.map {
                ShiftStudyReport.Severity(place: $0.name, line: $0.corruption.rawValue, amount: $0.amount)
            }
        }
        report.streams = streams
        report.batch = report.streams.map { _ in section.batch }
        return report
    }

    /// Streams by place; nil where a split had none.
    private var streams: [ShiftStudyReport.Streams]? {
        let all = splits.flatMap { $0.streams ?? [] }
        guard !all.isEmpty else { return nil }
        return (places + [ShiftStudySplit.undamaged]).compactMap { place in
            let own = all.filter { $0.place == place }
            guard let rows = own.map(\.after).min() else { return nil }
            let early = own.count { stream in stream.alarm.map { $0 <= stream.before } ?? false }
            return ShiftStudyReport.Streams(
                place: place, streams: own.count, early: early, rows: rows,
                delays: own.compactMap { stream in
                    stream.alarm.map { $0 - stream.before }.flatMap { $0 > 0 ? $0 : nil }
                })
        }
    }

    private var metric: String { section.estimator.member.metric.name }

    private var names: [String] {
        let there = Set(splits.flatMap(\.samples).flatMap(\.p.keys))
        return ([ShiftStudySplit.decision] + ShiftContestant.all.map(\.name)).filter(there.contains)
    }

    private func isExact(_ name: String) -> Bool {
        ShiftContestant.all.first { $0.name == name }?.method.level != .nestedSplits
    }

    private func samples(_ place: String, _ size: Int) -> [ShiftSplitResult.Sample] {
        splits.flatMap(\.samples).filter { $0.place == place && $0.size == size }
    }

    private func row(_ name: String, isHarmful: Bool) -> ShiftStudyReport.Row {
        let spent = splits.compactMap { $0.seconds[name] }
        let tests = spent.reduce(0) { $0 + $1.samples }
        return ShiftStudyReport.Row(
            name: name == ShiftStudySplit.decision ? "decision: \(section.method.kind)" : name,
            cells: cells { sample in
                guard let p = sample.p[name] else { return nil }
                if !isHarmful { return p <= section.alpha }
                guard let drop = sample.drop else { return nil }
                return p <= section.alpha && shows(drop)
            }, seconds: tests > 0 ? spent.reduce(0) { $0 + $1.seconds } / Double(tests) : nil)
    }

    /// What the sample's own labels would say: on these very rows the fall reaches the margin, by chance or not.
    private var labelled: ShiftStudyReport.Row {
        ShiftStudyReport.Row(
            name: "with the sample's labels: the fall reaches the margin",
            cells: cells { sample in sample.realised.map { $0 >= section.margin } }, seconds: nil)
    }

    private func shows(_ drop: AccuracyInterval) -> Bool { drop.low > 0 && drop.value >= section.margin }

    private func cells(_ isFound: (ShiftSplitResult.Sample) -> Bool?) -> [ShiftStudyReport.Cell] {
        places.flatMap { place in
            section.sizes.map { size in
                let found = samples(place, size).compactMap(isFound)
                return ShiftStudyReport.Cell(
                    place: place, size: size, found: found.count { $0 }, samples: found.count)
            }
        }
    }

    private func estimate(_ place: String, size: Int) -> ShiftStudyReport.Estimate? {
        let pairs = splits.flatMap { split in
            split.samples.compactMap { sample -> (drop: AccuracyInterval, truth: Double)? in
                guard sample.place == place, sample.size == size, let drop = sample.drop, let truth = split.truth[place]
                else { return nil }
                return (drop, truth)
            }
        }
        guard let truth = mean(pairs.map(\.truth)), let found = mean(pairs.map(\.drop.value)) else { return nil }
        let squares = pairs.reduce(0) { $0 + ($1.drop.value - found) * ($1.drop.value - found) }
        return ShiftStudyReport.Estimate(
            place: place, size: size, truth: truth, estimated: found,
            deviation: (squares / Double(max(pairs.count - 1, 1))).squareRoot(),
            coverage: Double(pairs.count { $0.drop.low <= $0.truth && $0.truth <= $0.drop.high }) / Double(pairs.count))
    }

    private func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
