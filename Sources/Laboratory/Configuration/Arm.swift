import Basics
/// One variation of an experiment: what it sets differently, and its seed.
public struct Arm: Sendable, Equatable {
    /// The name, made of `key-value` parts for a grid; a folder name. "default" where nothing but the seed varies.
    public var name: String
    /// The name under `arms:` that the arm comes from, or nil for the arms of the file's own grid.
    public let group: String?
    /// Whether the arm runs when none is asked for.
    public let isDefault: Bool
    /// What it sets on top of the file.
    public let overrides: [ConfigAssignment]
    /// The seed, where the grid or the arm names some.
    public let seed: Int?
}
