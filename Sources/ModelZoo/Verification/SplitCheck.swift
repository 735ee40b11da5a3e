/// Checks that no run stands in two splits: checkpoints of one run are near-copies of each other.
struct SplitCheck {
    private let columns: ZooColumns
    private let column: String

    init(_ columns: ZooColumns, column: String) {
        self.columns = columns
        self.column = column
    }

    func outcome() -> CheckOutcome {
        guard let split = columns.numbers("split") else {
            return .skipped(.splits, "no column split: every network is for training (`zoo split` draws one)")
        }
        let missing = split.count { $0.isNaN }
        let unassigned = missing == 0 ? "" : ", \(missing) in none"
        guard let runs = columns.groups(by: column) else {
            return CheckOutcome(
                .splits, "no column \(column): every network counts as a run of its own\(unassigned)", [])
        }
        var first: [String: (network: Int, split: Double)] = [:]
        var found: [(network: Int, detail: String)] = []
        for network in runs.indices where !split[network].isNaN {
            let known = first[runs[network], default: (network, split[network])]
            first[runs[network]] = known
            if known.split != split[network] {
                let run = runs[network].dropFirst()
                found.append((network, "its run \(run) is in another split (network \(known.network))"))
            }
        }
        return CheckOutcome(.splits, "no run (column \(column)) in two splits\(unassigned)", found)
    }
}
