extension Verdict {
    /// What became of several runs.
    public struct Tally: Sendable, Equatable, Codable {
        /// Runs whose networks are good, new and varied.
        public var good: Int
        /// Runs that fell short of that.
        public var short: Int
        /// Runs that failed, collapsed or diverged.
        public var failed: Int

        /// Counts verdicts.
        init(_ verdicts: [Verdict]) {
            let lights = verdicts.map(\.light)
            good = lights.count { $0 == .green }
            short = lights.count { $0 == .amber }
            failed = lights.count { $0 == .red }
        }

        /// All runs.
        public var count: Int { good + short + failed }

        var light: Light { good == count ? .green : failed == count ? .red : .amber }

        /// What became of them, in one sentence.
        var sentence: String {
            func share(_ part: Int) -> String { part == 0 ? "none" : part == count ? "all" : "\(part)" }
            let parts =
                ["\(share(good)) gave networks that are as good as the zoo and new"]
                + (short > 0 ? ["\(share(short)) fell short of that"] : [])
                + (failed > 0 ? ["\(share(failed)) failed"] : [])
            return "Of \(count) runs, " + parts.joined(separator: ", ") + "."
        }
    }

    /// The verdict over several runs, named by arm and seed: theirs together. The text counts what became of them, the
    /// reasons are their verdicts; of each part it has what holds for all, the least where they differ.
    public init(over verdicts: [(name: String, verdict: Verdict)]) {
        guard let first = verdicts.first else {
            self.init(judging: [], chance: 0)
            return
        }
        self = first.verdict
        guard verdicts.count > 1 else { return }
        let all = verdicts.map(\.verdict)
        let tally = Tally(all)
        let qualities = [Quality.failed, .worse, .equal]
        self.init(
            text: tally.sentence, quality: qualities.first { part in all.contains { $0.quality == part } } ?? .failed,
            novelty: all.map(\.novelty).min() ?? .copies,
            beatsBaselines: all.allSatisfy(\.beatsBaselines), collapsed: all.contains(where: \.collapsed),
            underDispersed: all.contains(where: \.underDispersed), diverged: all.contains(where: \.diverged),
            reasons: verdicts.map { "\($0.name): \($0.verdict.text)" })
        self.tally = tally
        let finishes = Set(all.map(\.finish))
        finish = finishes.count == 1 ? first.verdict.finish : nil
    }
}
