import Basics
import ShiftDetection

/// A method with settings and a name, for tables in which methods stand side by side.
struct ShiftContestant: Sendable {
    /// What stands in the table.
    let name: String
    /// The method.
    let method: any ShiftMethod

    /// Whether it learns anew from every sample, or asks generated networks: what takes a minute where others take none.
    var isCostly: Bool { method.level == .nestedSplits || method.ensembles.contains(.generated) }

    /// Of which ensemble disagreement or entropy is asked.
    private static func d3m(_ ensemble: EnsembleKind) -> any ShiftMethod {
        var method = D3M()
        method.ensemble = ensemble
        return method
    }

    /// All of them, one line each.
    static let all = [
        ShiftContestant(name: "energy", method: EnergyMethod(on: .logits)),
        ShiftContestant(name: "energy-features", method: EnergyMethod(on: .features)),
        ShiftContestant(name: "ks", method: KolmogorovSmirnovMethod(on: .probabilities)),
        ShiftContestant(name: "ks-features", method: KolmogorovSmirnovMethod(on: .features)),
        ShiftContestant(name: "chi-square", method: ChiSquareMethod()),
        ShiftContestant(name: "mmd", method: DiscrepancyMethod(on: .features)),
        ShiftContestant(name: "c2st", method: ClassifierMethod(on: .features)),
        ShiftContestant(name: "disagreement", method: DisagreementMethod()),
        ShiftContestant(name: "entropy", method: EntropyMethod()),
        ShiftContestant(name: "d3m-last-layer", method: d3m(.lastLayer)),
        ShiftContestant(name: "d3m-trained", method: d3m(.trained)),
        ShiftContestant(name: "d3m-generated", method: d3m(.generated)),
        ShiftContestant(name: "detectron", method: Detectron()),
        ShiftContestant(name: "meta-detectron", method: MetaDetectron()),
    ]
}
