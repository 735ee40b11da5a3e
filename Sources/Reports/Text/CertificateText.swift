import Basics
import Evaluation

/// A certificate in lines and tables of text: what the terminal and the page say alike.
public enum CertificateText {
    /// One line of the certificate: what was measured and what it says.
    struct Line: Equatable {
        let name: String
        let text: String
    }

    /// The lines, in the order of the certificate; what was not measured is left out.
    static func lines(_ certificate: Certificate) -> [Line] {
        [
            certificate.memorization.map { Line(name: "memorization", text: memorization($0)) },
            certificate.diversity.map { Line(name: "diversity", text: diversity($0)) },
            certificate.gain.map { Line(name: "ensemble's gain", text: gain($0)) },
            certificate.budget.map { Line(name: "error budget", text: budget($0)) },
        ].compactMap { $0 }
    }

    /// The table of profiles and the lines, each ended by a line feed, for a terminal.
    public static func render(_ certificate: Certificate) -> String {
        var text = ""
        for bar in certificate.profiles.map(\.bar).uniqued() {
            let profiles = certificate.profiles.filter { $0.bar == bar }
            text += profileTitle(bar, profiles) + "\n" + table(profiles).text
        }
        return text + lines(certificate).map { "\($0.name): \($0.text)\n" }.joined()
    }

    /// What a table of profiles shows.
    static func profileTitle(_ bar: Double, _ profiles: [NoveltyProfile]) -> String {
        let unit = profiles.first.map { " (\(NumberText.ratio($0.unit)) of a fresh network's distance)" } ?? ""
        return
            "share of networks, %, above \(NumberText.percent(bar)) % test accuracy and beyond m times the zoo's own mean "
            + "nearest distance\(unit)"
    }

    static let profileColumns =
        ["networks", "n"] + NoveltyProfile.multiples.map { "m = \($0)" } + ["mean of 1, 2, 3, 4, 6"]

    static func cells(_ profile: NoveltyProfile) -> [String] {
        [profile.label, NumberText.count(profile.count)]
            + profile.shares.map { NumberText.percent($0, digits: 1) } + [NumberText.fixed(profile.score, digits: 3)]
    }

    private static func table(_ profiles: [NoveltyProfile]) -> TextTable {
        var table = TextTable(profileColumns)
        for profile in profiles { table.append(cells(profile)) }
        return table
    }

    static func memorization(_ test: MemorizationTest) -> String {
        "z = \(NumberText.fixed(test.z, digits: 2)), AUC \(NumberText.fixed(test.auc, digits: 3)) "
            + "(\(NumberText.count(test.count)) networks against \(NumberText.count(test.freshCount)) fresh ones; "
            + (test.passes
                ? "no sign of it: z is at least \(NumberText.fixed(MemorizationTest.limit, digits: 0)))"
                : "they lie nearer to the zoo than fresh networks do: z is below "
                    + "\(NumberText.fixed(MemorizationTest.limit, digits: 0)))")
    }

    static func diversity(_ diversity: EnsembleDiversity) -> String {
        func ratio(_ comparison: EnsembleDiversity.Comparison) -> String { NumberText.ratio(comparison.ratio) }
        return "pairs \(ratio(diversity.pairwise)), nearest others \(ratio(diversity.nearest)), disagreement "
            + "\(ratio(diversity.disagreement)) of the zoo's (\(NumberText.count(diversity.count)) networks of each)"
    }

    static func gain(_ gain: EnsembleGain) -> String {
        func part(_ name: String, _ accuracies: EnsembleGain.Side) -> String {
            "\(name) \(NumberText.percent(accuracies.single.mean)) % alone, \(NumberText.percent(accuracies.vote)) % by vote, "
                + "\(NumberText.percent(accuracies.average)) % by mean probability"
        }
        return "\(gain.size) of these networks \(part("are right for", gain.own)); \(gain.size) fresh ones "
            + part("for", gain.fresh)
    }

    static func budget(_ budget: ErrorBudget) -> String {
        let start = budget.steps.first.map { "zoo \(NumberText.percent($0.from)) %" } ?? ""
        let steps = budget.steps.map { step in
            "\(step.part.label) \(signed(step.change)) to \(NumberText.percent(step.to)) %"
        }
        let gaussian = budget.gaussian.map { "; a Gaussian over the codes \(NumberText.percent($0)) %" } ?? ""
        let fresh = budget.fresh.map { "; fresh networks \(NumberText.percent($0)) %" } ?? ""
        return ([start] + steps).filter { !$0.isEmpty }.joined(separator: ", ") + gaussian + fresh
    }

    /// Points of accuracy with their sign.
    static func signed(_ change: Double) -> String {
        (change > 0 ? "+" : "") + NumberText.percent(change)
    }
}

/// The causes of bad networks in lines of text.
public enum DiagnosisText {
    /// A line a cause with its number, and first of all which to look at; each ended by a line feed.
    public static func render(_ diagnosis: Diagnosis) -> String {
        var table = TextTable(["possible cause", "at work", "its number"])
        for finding in diagnosis.findings { table.append([finding.cause.label, finding.word, finding.text]) }
        return "why: \(diagnosis.sentence) Documentation/WHY.md explains the causes.\n" + table.text
    }
}
