import Networks

extension ZooSources {
    /// Opens a PyTorch checkpoint.
    static func torch(_ path: String) throws -> any ZooSource {
        throw DataError(
            .malformed, path: path, expected: "a format that can be read", found: "a PyTorch checkpoint")
    }
}
