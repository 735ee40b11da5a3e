import Evaluation

/// The numbers of one arm over its seeds.
struct ArmFigures {
    let name: String
    let factors: [ReportInput.Fact]
    /// Mean test accuracy of generated networks, one a seed.
    let accuracies: [Double]
    /// The distance ratio that decides, one a seed.
    let ratios: [Double]
    /// The code RMS ratio, one a seed.
    let codeRatios: [Double]
    /// Mean test accuracy of the zoo, one a seed.
    let zooAccuracies: [Double]
    /// The verdicts that were reached.
    let verdicts: [Verdict]

    /// Gathers the rows of one arm.
    init(_ arm: ReportInput.Arm, summary: Summary) {
        let rows = summary.rows.filter { $0.arm == arm.name }
        let generated = rows.filter { $0.population == .generated }
        name = arm.name
        factors = arm.factors
        accuracies = generated.map(\.testAccuracy.mean)
        ratios = generated.compactMap { $0.decidingRatio }
        codeRatios = generated.compactMap(\.codeRMSRatio)
        zooAccuracies = rows.filter { $0.population == .zoo }.map(\.testAccuracy.mean)
        verdicts = arm.runs.compactMap(\.verdict)
    }

    var accuracy: SampleStatistics { SampleStatistics(accuracies) }
    var ratio: SampleStatistics { SampleStatistics(ratios) }

    /// The value of a factor as a number.
    func number(_ factor: String) -> Double? {
        factors.first { $0.name == factor }.flatMap { Double($0.value) }
    }
}
