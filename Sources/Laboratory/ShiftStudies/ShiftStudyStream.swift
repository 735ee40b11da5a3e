import ShiftDetection
import Tensors

/// Batches that come from P until, at the turn, they come from a place: how long a watch takes to see it.
///
/// Two thirds of P are the watch's reference, the others come before the turn; afterwards all rows of the place do, in
/// a random order.
struct ShiftStudyStream {
    private let reference: [RowScores]
    private let before: ReferenceRows
    private let batch: Int
    private let alpha: Double
    private let seed: UInt64

    /// Cuts P. Nil where a third of P is no batch.
    init?(_ reference: ReferenceRows, batch: Int, alpha: Double, seed: UInt64) {
        var stream = RandomStream(seed: seed, purpose: "shift.study.stream")
        let order = stream.permutation(reference.count)
        let cut = reference.count * 2 / 3
        let whole = (reference.count - cut) / max(batch, 1) * batch
        guard whole > 0 else { return nil }
        self.reference = RowScores.outputs(of: reference.selecting(Array(order[..<cut])).rows)
        before = reference.selecting(Array(order[cut..<cut + whole]))
        (self.batch, self.alpha, self.seed) = (batch, alpha, seed)
    }

    /// Watches a stream that turns to a place's rows.
    func watched(_ place: String, _ rows: ReferenceRows) -> ShiftSplitResult.Stream {
        var stream = RandomStream(seed: seed, purpose: "shift.study.stream.\(place)")
        let after = rows.selecting(Array(stream.permutation(rows.count).prefix(rows.count / batch * batch)))
        var monitor = ShiftMonitor(reference: reference, alpha: alpha, seed: seed)
        for part in [before, after] {
            for start in stride(from: 0, to: part.count, by: batch) where monitor.alarm == nil {
                let rows = part.selecting(Array(start..<start + batch)).rows
                _ = monitor.observe(RowScores.outputs(of: rows))
            }
        }
        return ShiftSplitResult.Stream(
            place: place, before: before.count, after: after.count, alarm: monitor.alarm?.row)
    }
}
