/// P-values of several tests, adjusted so that each may be compared with the level itself.
///
/// An adjusted p-value is never below the one it is made of: the smallest of many p-values is no p-value.
public enum MultipleTesting {
    /// Each times the number of tests, at most 1: the chance of any false finding is at most the level.
    public static func bonferroni(_ pValues: [Double]) -> [Double] {
        pValues.map { min(1, $0 * Double(pValues.count)) }
    }

    /// Holm's step down, with the same promise as Bonferroni's and never larger values.
    ///
    /// Source: Holm, A simple sequentially rejective multiple test procedure, 1979.
    public static func holm(_ pValues: [Double]) -> [Double] {
        let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        var (result, largest) = (pValues, 0.0)
        for (rank, place) in order.enumerated() {
            largest = max(largest, min(1, pValues[place] * Double(pValues.count - rank)))
            result[place] = largest
        }
        return result
    }

    /// The step up of Benjamini and Hochberg: of the findings, the expected share of false ones is at most the level,
    /// where the tests are independent or positively dependent.
    ///
    /// Source: Benjamini and Hochberg, Controlling the false discovery rate, 1995.
    public static func benjaminiHochberg(_ pValues: [Double]) -> [Double] {
        let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        var (result, smallest) = (pValues, 1.0)
        for (rank, place) in order.enumerated().reversed() {
            smallest = min(smallest, pValues[place] * Double(pValues.count) / Double(rank + 1))
            result[place] = smallest
        }
        return result
    }
}
