/// How a data set is divided into training, validation and test rows.
public enum SplitRule: Hashable, Sendable {
    /// The test part that its makers set apart, and `validation` rows drawn from the rest by `seed`.
    case official(validation: Int, seed: UInt64)
    /// From every class the given fractions, drawn by `seed`; the rest is for training.
    ///
    /// A class of n rows gives round(n * test) to the test part, then round(n * validation) to validation.
    case stratified(validation: Double, test: Double, seed: UInt64)
    /// Exactly these rows.
    case listed(SplitIndices)
}
