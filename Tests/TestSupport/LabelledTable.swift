import Foundation
import Tensors

/// A table in CSV for tests of shift detection: rows of a law in which class 1 is the likelier the larger `a` is.
public enum LabelledTable {
    /// `a` and `b` are normal, `group` is x or y, `label` is 1 with the probability `p` = 1 / (1 + exp(-2 a)), which the model says;
    /// `shift` moves `a`, and every other `b` is missing with `hasGaps`.
    public static func csv(_ count: Int, seed: UInt64, shift: Double = 0, hasGaps: Bool = false) -> String {
        var stream = RandomStream(seed: seed, purpose: "test.table")
        let values = stream.normal([count, 3]).doubles
        let coins = stream.uniform([count]).doubles
        var text = "a,b,group,label,p\n"
        for row in 0..<count {
            let a = values[3 * row] + shift
            let p = 1 / (1 + exp(-2 * a))
            let b = hasGaps && row % 2 == 0 ? "" : "\(values[3 * row + 1])"
            text += "\(a),\(b),\(values[3 * row + 2] < 0 ? "x" : "y"),\(coins[row] < p ? 1 : 0),\(p)\n"
        }
        return text
    }
}
