import Networks
import Tensors

/// Every element by its own mean and standard deviation: z = (x - mean) / std.
///
/// For latent codes, whose elements an autoencoder leaves at any scale, after it in `ChainedCoordinates`.
public struct StandardizedCoordinates: StoredCoordinates {
    /// Mean of every element, [K].
    public let mean: Tensor
    /// Standard deviation of every element, [K], above zero.
    public let std: Tensor

    /// K.
    public var dimension: Int { mean.shape[0] }
    /// K: as many elements on both sides.
    public var parameterCount: Int { mean.shape[0] }

    /// Takes known numbers; traps unless both are [K].
    public init(mean: Tensor, std: Tensor) {
        precondition(mean.rank == 1 && std.shape == mean.shape, "StandardizedCoordinates: \(mean.shape), \(std.shape)")
        self.mean = mean
        self.std = std
    }

    /// Fits rows [N, K] (divisor N); nil where they are not finite. Traps unless N >= 1 and K >= 1.
    ///
    /// An element that hardly varies keeps a small code: no standard deviation is less than a thousandth of the
    /// largest, so that an autoencoder's unused elements do not become noise that a generator has to learn.
    public init?(fitting rows: Tensor) {
        precondition(rows.rank == 2 && rows.count > 0, "StandardizedCoordinates: rows \(rows.shape)")
        let means = ColumnMeans.of(rows)
        let variances = ColumnMeans.of(rows) { block, columns in
            (block - Tensor(Array(means[columns]), shape: [1, columns.count])).square()
        }
        guard let stds = Self.floored(variances.map { $0.squareRoot() }, share: 1e-3), means.allSatisfy(\.isFinite)
        else { return nil }
        self.init(
            mean: Tensor(means, shape: [means.count], precision: .single),
            std: Tensor(stds, shape: [stds.count], precision: .single))
    }

    /// Takes recorded tensors `mean` and `std`, [K] each; throws a `DataError` where they are not finite or std is not
    /// above zero.
    public init(tensors: [NamedTensor]) throws {
        let owner = "standardized coordinates"
        let mean = try tensors.fitted("mean", rank: 1, of: owner).converted(to: .single)
        self.init(mean: mean, std: try tensors.fittedScale("std", shape: mean.shape, of: owner))
    }

    /// `mean` and `std`, [K] each.
    public var tensors: [NamedTensor] { [NamedTensor("mean", mean), NamedTensor("std", std)] }

    /// [N, K] to z [N, K].
    public func encode(_ weights: Tensor) -> Tensor { (weights - mean) / std }

    /// z [N, K] to [N, K].
    public func decode(_ codes: Tensor) -> Tensor { codes * std + mean }

    /// Standard deviations, none below a share of the largest; ones where all are zero, nil where one is not finite.
    static func floored(_ stds: [Double], share: Double) -> [Double]? {
        guard stds.allSatisfy(\.isFinite), let largest = stds.max() else { return nil }
        return stds.map { largest > 0 ? max($0, largest * share) : 1 }
    }
}

/// Means over the rows of a population, in double precision and a block of columns at a time.
enum ColumnMeans {
    /// Columns of one block.
    private static let block = 4096

    /// The mean over rows of f(rows), a number a column.
    ///
    /// - rows: [N, D]; f takes a block [N, b] in double precision, and the columns that it is, to the same shape.
    static func of(
        _ rows: Tensor, _ f: (_ block: Tensor, _ columns: Range<Int>) -> Tensor = { x, _ in x }
    ) -> [Double] {
        let width = rows.shape[1]
        return stride(from: 0, to: width, by: block).flatMap { start in
            let columns = start..<min(width, start + block)
            return f(rows.sliced(axis: 1, columns).converted(to: .double), columns).mean(axes: [0]).doubles
        }
    }
}
