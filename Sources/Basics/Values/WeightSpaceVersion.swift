/// The version of this package: of the command, of `environment.json`, and of the tag that a package manager asks for.
public enum WeightSpaceVersion {
    /// The version in force, as semantic versions are written.
    public static let current = "0.2.0"
}
