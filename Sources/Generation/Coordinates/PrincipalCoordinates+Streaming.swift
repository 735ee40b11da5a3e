import Tensors

extension PrincipalCoordinates {
    /// What a streaming fit is doing, for progress.
    public enum Stage: String, Sendable, CaseIterable {
        /// Summing rows.
        case mean = "averaging rows"
        /// Multiplying rows with rows.
        case gram = "multiplying rows"
        /// Summing components.
        case components = "summing components"
    }

    /// Fits at most `count` components to rows that are read in blocks: the N x N matrix, the components and about
    /// `maximumBytes` of rows are all that memory holds.
    ///
    /// The same components as `init(fitting:components:)` up to rounding of double-precision sums, and the same bytes
    /// whatever `maximumBytes` is: rows are multiplied in tiles of fixed height. All rows are read once for the mean,
    /// N / b / 2 times for the products (b rows fit into `maximumBytes`), and once for every
    /// half of `maximumBytes` of components in double precision. `progress` may throw to stop.
    ///
    /// Nil where the rows have no variance or are not finite. Throws as the source. Traps unless N >= 2 and count >= 1.
    public init?(
        streaming source: some RowSource, components count: Int, maximumBytes: Int = 256 << 20,
        progress: (_ stage: Stage, _ done: Int, _ total: Int) throws -> Void = { _, _, _ in }
    ) throws {
        precondition(
            source.count >= 2 && source.width >= 1 && count >= 1,
            "PCA: rows [\(source.count), \(source.width)], \(count) components")
        let sweep = RowSweep(source: source, maximumBytes: maximumBytes)
        let mean = try sweep.mean { try progress(.mean, $0, $1) }
        let gram = try sweep.gram(mean) { try progress(.gram, $0, $1) }
        guard let spectrum = PrincipalSpectrum(gram: gram, components: count) else { return nil }
        let components = try sweep.combine(spectrum.projection, spectrum.kept, mean) {
            try progress(.components, $0, $1)
        }
        self.init(
            mean: Tensor(mean, shape: [source.width]), components: components, variances: spectrum.variances,
            capturedVariance: spectrum.capturedVariance)
    }
}
