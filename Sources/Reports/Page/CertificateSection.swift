import Basics
import Evaluation

/// The cards of a certificate: profiles of novelty and performance, and what else is certified.
struct CertificateSection {
    let certificate: Certificate

    /// The section's HTML; empty where nothing was certified.
    func html() -> String {
        let lines = CertificateText.lines(certificate)
        guard !certificate.profiles.isEmpty || !lines.isEmpty else { return "" }
        return profiles() + Card.section("Certificate", "", content: list(lines)) + budget()
    }

    private func list(_ lines: [CertificateText.Line]) -> String? {
        guard !lines.isEmpty else { return nil }
        let items = lines.map { line in
            "<div><dt>\(Markup.escape(line.name))</dt><dd>\(Markup.escape(line.text))</dd></div>"
        }
        return "<dl>\(items.joined())</dl>"
    }

    private func profiles() -> String {
        certificate.profiles.map(\.bar).uniqued().map { bar in
            let profiles = certificate.profiles.filter { $0.bar == bar }
            let chart = NoveltyProfileChart(profiles: profiles)
            var table = HTMLTable(CertificateText.profileColumns)
            for profile in profiles { table.add(CertificateText.cells(profile)) }
            let help =
                "The \(CertificateText.profileTitle(bar, profiles)). The bar was fixed beforehand. Zoo networks that were "
                + "trained apart lie about one such distance from each other, and so do fresh ones."
            return Card.figure(
                "Novelty and performance", help, widest: .column, legend: Card.legend(chart.legend()),
                picture: chart.picture)
                + Card.section("The same in numbers", "", table: table)
        }.joined()
    }

    private func budget() -> String {
        guard let budget = certificate.budget else { return "" }
        var table = HTMLTable(["Step", "Accuracy before, %", "After, %", "Change, points"])
        for step in budget.steps {
            table.add([
                step.part.label, NumberText.percent(step.from), NumberText.percent(step.to),
                CertificateText.signed(step.change),
            ])
        }
        let gaussian =
            budget.gaussian.map {
                " A single Gaussian over the codes reaches \(NumberText.percent($0)) % without a finish: a code model that does no "
                    + "better adds nothing."
            } ?? ""
        let fresh = budget.fresh.map { " Fresh networks reach \(NumberText.percent($0)) %." } ?? ""
        return Card.section(
            "Where the accuracy goes",
            "From the zoo's networks to those that were drawn: what coding and decoding cost, what the code model adds or "
                + "loses, and what a finish brings." + gaussian
                + fresh,
            table: table)
    }
}

/// The known causes of bad networks, each with its number.
struct DiagnosisSection {
    let diagnosis: Diagnosis

    /// The card's HTML.
    func html() -> String {
        var table = HTMLTable(["Possible cause", "At work", "Its number", "What to do"], isProse: true)
        for finding in diagnosis.findings {
            let advice = finding.isSuspect == true ? finding.advice : ""
            table.rows.append(
                (
                    cells: [finding.cause.label, finding.word, finding.text, advice].map { HTMLTable.Cell($0) },
                    styleClass: finding.isSuspect == true ? "prose-row generated" : "prose-row"
                ))
        }
        return Card.section(
            "Why are they not better?",
            diagnosis.sentence + " Causes stand in the order in which they are worth a look; "
                + "Documentation/WHY.md explains them.", table: table)
    }
}
