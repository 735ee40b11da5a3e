import Networks

extension DataError {
    /// The same failure of the file at `path`, where a lower room knew only what it read.
    func about(_ path: String) -> DataError {
        DataError(kind, path: path, expected: "\(self.path): \(expected)", found: found, hint: hint)
    }
}
