import Basics
import ModelZoo
import Networks

extension Recalibration {
    /// On `count` training samples, spread evenly over all in case these are sorted; on all where there are fewer.
    ///
    /// Nil for networks without running statistics. Throws `DataError` where those of the zoo at `path` need samples and
    /// there are not two.
    init?(_ network: any Network, training: Dataset, count: Int, path: String) throws {
        guard network.layout.bufferCount > 0 else { return nil }
        guard training.count >= 2 else {
            throw DataError(
                .malformed, path: path,
                expected: "training samples of \(training.name), to recompute running statistics on",
                found: "\(training.count)", hint: "list them in `split` of the file's attribute `dataset`")
        }
        let used = min(count, training.count)
        let rows = (0..<used).map { $0 * training.count / used }
        self.init(network, inputs: training.select(rows: rows).tensor)
    }
}

extension DatasetCatalog {
    /// What gives networks that were made running statistics, with the data that the zoo at `path` names; nil for a zoo
    /// without any, which then needs no data.
    ///
    /// Throws `DataError` where the data is not there or does not fit.
    func recalibration(_ header: ZooHeader, path: String, count: Int) throws -> Recalibration? {
        guard header.layout.bufferCount > 0 else { return nil }
        let (network, split, _) = try judging(header, path: path)
        return try Recalibration(network, training: split.train, count: count, path: path)
    }
}
