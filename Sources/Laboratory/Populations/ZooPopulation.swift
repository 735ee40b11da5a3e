import Basics
import ModelZoo
import Tensors

/// A zoo's networks and what each is for, without the data that they are judged on.
struct ZooPopulation {
    /// Rows of the networks that generators learn from, that choose settings, and that took part in nothing.
    typealias Rows = (train: [Int], validation: [Int], fresh: [Int])

    let zoo: Zoo
    let rows: Rows
    /// What is doubtful about the division, if anything.
    let doubt: String?

    /// Divides the zoo that was read from `path`. Throws `DataError` where there are not two training and two fresh
    /// networks.
    init(_ zoo: Zoo, path: String) throws {
        self.zoo = zoo
        let copies = zoo.copies
        let (rows, drawn) = try Self.divide(zoo, path, copies)
        self.rows = rows
        let doubts = [drawn, Self.copiesDoubt(rows, copies)].compactMap { $0 }
        doubt = doubts.isEmpty ? nil : doubts.joined(separator: "; ")
    }

    /// What is doubtful where fresh networks are equal to networks that are learned from, or nil.
    private static func copiesDoubt(_ rows: Rows, _ copies: [Int]) -> String? {
        let seen = Set((rows.train + rows.validation).map { copies[$0] })
        let known = rows.fresh.count { seen.contains(copies[$0]) }
        guard known > 0 else { return nil }
        return "\(known) of the \(rows.fresh.count) fresh networks are equal to networks to learn from, so they are no "
            + "yardstick of novelty: `zoo verify` names them, and `zoo split` keeps equal ones together"
    }

    /// Weights of the training networks, [N, D].
    var training: Tensor { zoo.population(rows.train) }

    /// Weights of the validation networks, [M, D]; nil where there are none.
    var validation: Tensor? { rows.validation.isEmpty ? nil : zoo.population(rows.validation) }

    /// Whether all training networks are checkpoints of one run, as their columns `seed` and `step` say.
    var isOneRun: Bool {
        guard let seeds = zoo.columns.numbers("seed"), let steps = zoo.columns.numbers("step") else { return false }
        return Set(rows.train.map { seeds[$0] }).count == 1
            && Set(rows.train.map { steps[$0] }).count == rows.train.count
    }

    /// The zoo's own split; where it records none, a fixed random one of its runs or, without a column `run`, of its
    /// networks: 70 % train, 10 % validation, 20 % fresh. Says where one was drawn.
    private static func divide(
        _ zoo: Zoo, _ path: String, _ copies: [Int]
    ) throws -> (rows: Rows, drawn: String?) {
        var rows: Rows = (
            train: zoo.rows(in: .train), validation: zoo.rows(in: .validation), fresh: zoo.rows(in: .test)
        )
        var drawn: String?
        if zoo.columns["split"] == nil {
            let (splits, groups) = SplitAssignment().splits(of: zoo.columns, copies: copies)
            func rowsIn(_ kind: ZooSplit) -> [Int] { splits.indices.filter { splits[$0] == kind } }
            rows = (rowsIn(.train), rowsIn(.validation), rowsIn(.test))
            let by = groups.map { "by run, of which there are \(Set($0).count)" } ?? "network by network"
            drawn = "the zoo records no split of its networks: one was drawn \(by)"
        }
        guard rows.train.count >= 2, rows.fresh.count >= 2 else {
            let found = "\(rows.train.count) and \(rows.fresh.count) of \(zoo.count)"
            throw DataError(
                .malformed, path: path, expected: "at least 2 training and 2 fresh networks",
                found: drawn.map { "\(found) (\($0))" } ?? found,
                hint: "`zoo split` writes another: its column /networks/split says 0 train, 1 validation, 2 test")
        }
        return (rows, drawn)
    }
}
