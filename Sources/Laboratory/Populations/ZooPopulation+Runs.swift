import Basics
import Generation
import ModelZoo
import Tensors

extension ZooPopulation {
    /// The checkpoints of the training networks' runs, and of the validation networks' where there are any.
    struct Runs {
        let training: RunCheckpoints
        let validation: RunCheckpoints?

        /// Both in coordinates, by one rule. Throws `DataError` naming the run that does not follow it.
        func paths(by rule: KnotRule, in coordinates: any Coordinates) throws -> Paths {
            Paths(
                training: try rule.trajectories(of: training, in: coordinates),
                validation: try validation.map { try rule.trajectories(of: $0, in: coordinates) })
        }
    }

    /// Runs as curves pass through them.
    struct Paths {
        let training: Trajectories
        let validation: Trajectories?

        /// As a training reads them.
        var packed: (training: Tensor, validation: Tensor?) { (training.packed, validation?.packed) }
    }

    /// What the zoo at `path`, from which the population was read, recorded of its runs. Throws `DataError` where it
    /// recorded nothing.
    func runs(_ path: String) throws -> Runs {
        let reader = try ZooReader(path: path)
        let selected = zoo.columns.numbers("selected"), width = zoo.layout.count
        func checkpoints(_ rows: [Int]) throws -> RunCheckpoints {
            var steps: [[Int64]] = [], weights: [Float] = []
            for row in rows {
                guard let run = try reader.trajectory(network: row) else { throw Self.noCheckpoints(path) }
                let places = run.places(upTo: selected?[row])
                steps.append(places.map { run.steps[$0] })
                for place in places { weights += run.weights[(place * width)..<((place + 1) * width)] }
            }
            return RunCheckpoints(
                steps: steps, weights: Tensor(weights, shape: [weights.count / width, width]), path: path)
        }
        return Runs(
            training: try checkpoints(rows.train),
            validation: rows.validation.isEmpty ? nil : try checkpoints(rows.validation))
    }

    private static func noCheckpoints(_ path: String) -> DataError {
        DataError(
            .malformed, path: path, expected: "a zoo with checkpoints, to learn from whole runs", found: "one without",
            hint: "`zoo train` records them with checkpoints.every")
    }
}

extension ZooTrajectory {
    /// Places of one network's checkpoints that are there, up to the one that the zoo keeps of it.
    fileprivate func places(upTo selected: Double?) -> [Int] {
        let last = selected.flatMap { $0.isNaN ? nil : Int($0) } ?? checkpoints - 1
        return (0...min(max(0, last), checkpoints - 1)).filter { steps[$0] >= 0 }
    }
}
