/// A check with what it found.
struct CheckOutcome {
    let check: ZooVerification.Check
    let findings: [ZooVerification.Finding]

    /// A check that was made; bad if it found anything.
    init(_ kind: ZooVerification.Kind, _ detail: String, _ found: [(network: Int, detail: String)]) {
        let found = found.sorted { $0.network < $1.network }
        check = ZooVerification.Check(
            kind: kind, state: found.isEmpty ? .good : .bad, detail: detail,
            networks: Set(found.map(\.network)).sorted())
        findings = found.map { ZooVerification.Finding(kind: kind, network: $0.network, detail: $0.detail) }
    }

    private init(check: ZooVerification.Check) {
        self.check = check
        findings = []
    }

    /// A check that could not be made, and why.
    static func skipped(_ kind: ZooVerification.Kind, _ reason: String) -> CheckOutcome {
        CheckOutcome(check: ZooVerification.Check(kind: kind, state: .skipped, detail: reason, networks: []))
    }
}
