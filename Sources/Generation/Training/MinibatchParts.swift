import Networks
import Tensors

/// The minibatches of one training, whole or in parts: which rows they hold, and what they draw.
///
/// A minibatch of B rows in n parts has the loss (1/n) sum over parts p of L_p, L_p the mean over the B/n rows of part p: for
/// losses that are means over rows, as ours are, the loss of the whole. Rows, starts, times and noise are drawn for the
/// whole minibatch, as of one part; dropout and other draws of the net are those of a part's own stream, by (seed, step,
/// part). Losses and gradients are summed along `PartTree`, so that their bits depend on n and on nothing else.
public struct MinibatchParts {
    /// What rows `part` of a minibatch cost at weights [D]: [], with all draws that are left from `stream`.
    public typealias PartLoss = (_ parameters: Tensor, _ part: Range<Int>, _ stream: inout RandomStream) -> Tensor
    /// Draws the minibatch of these rows from `stream` and returns what its parts cost.
    public typealias Draw = (_ rows: [Int32], _ stream: inout RandomStream) -> PartLoss

    let config: TrainingConfig
    let seed: UInt64
    let purpose: String
    private var order: EpochOrder
    private var step: Int

    /// The minibatches of `count` rows from `step` on.
    init(of trainer: Trainer, count: Int, from step: Int) {
        (config, seed, purpose) = (trainer.config, trainer.seed, trainer.purpose)
        order = EpochOrder(
            count: count, seed: seed, purpose: "\(purpose).order", position: step * trainer.config.batch)
        self.step = step
    }

    /// The rows of the next step and the stream of its draws.
    mutating func next() -> (rows: [Int32], stream: RandomStream) {
        defer { step += 1 }
        return (order.next(config.batch), RandomStream(seed: seed, purpose: "\(purpose).step", index: UInt64(step)))
    }

    /// The next step's loss and gradient at weights [D], all of it computed here.
    mutating func gradient(at flat: Tensor, _ draw: Draw) -> (loss: Double, gradient: FlatGradient) {
        guard config.microBatches > 1 else {
            let (rows, start) = next()
            var stream = start
            let cost = draw(rows, &stream)
            let drawn = stream
            let (value, gradient) = flatGradient(at: flat) { weights in
                var stream = drawn
                return cost(weights, rows.indices, &stream)
            }
            return (value.scalar, gradient)
        }
        return mean(PartTree.sum(0..<config.microBatches, parts(at: flat, draw)))
    }

    /// The same with helpers, who have been asked for their pieces by the time this rank computes its own.
    mutating func gradient(
        at flat: Tensor, _ draw: Draw, with helpers: any PartHelpers
    ) throws -> (loss: Double, gradient: FlatGradient) {
        let tree = PartTree(parts: config.microBatches, ranks: helpers.ranks)
        try helpers.ask(step: step, at: flat)
        let own = pieces(of: 0, in: tree, at: flat, draw)
        var queues = try [own] + helpers.answers()
        let sums = tree.pieces.map { queues[$0.rank].removeFirst() }
        return mean(tree.sum(sums))
    }

    /// The sums of the pieces of the next step that a rank computes.
    mutating func pieces(of rank: Int, in tree: PartTree, at flat: Tensor, _ draw: Draw) -> [PartSum] {
        let part = parts(at: flat, draw)
        return tree.pieces.filter { $0.rank == rank }.map { PartTree.sum($0.range, part) }
    }

    /// The parts of the next step.
    private mutating func parts(at flat: Tensor, _ draw: Draw) -> (Int) -> PartSum {
        let index = step
        let (rows, start) = next()
        var stream = start
        let cost = draw(rows, &stream)
        let (size, count, seed) = (rows.count / config.microBatches, config.microBatches, seed)
        let purpose = "\(purpose).part"
        return { part in
            let (value, gradient) = flatGradient(at: flat) { weights in
                var stream = RandomStream(seed: seed, purpose: purpose, index: UInt64(index * count + part))
                return cost(weights, part * size..<(part + 1) * size, &stream)
            }
            return PartSum(loss: value.scalar, gradient: gradient.formed)
        }
    }

    private func mean(_ sum: PartSum) -> (loss: Double, gradient: FlatGradient) {
        let share = 1 / Double(config.microBatches)
        return (sum.loss * share, FlatGradient(sum.gradient * share))
    }
}
