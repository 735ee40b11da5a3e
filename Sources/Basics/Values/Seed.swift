/// What every seed of the package is: a whole number that every reader of JSON keeps exactly, and from which others can
/// be counted on.
public enum Seed {
    /// The seeds that there are: 0 to 2^53 - 1.
    public static let range = 0...(1 << 53) - 1

    /// The same in words, for messages and help.
    package static let expectation = "a whole number from 0 to \(range.upperBound) (2^53 - 1)"
}
