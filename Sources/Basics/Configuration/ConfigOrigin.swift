/// Where a configured value was written.
public enum ConfigOrigin: Sendable, Equatable, CustomStringConvertible {
    /// A place in a file; line and column start at 1.
    case file(String, line: Int, column: Int)
    /// An option of the command, as it was typed.
    case option(String)

    /// `config.yaml:3:5` or `--set a.b=1`.
    public var description: String {
        switch self {
        case .file(let path, let line, let column): return "\(path):\(line):\(column)"
        case .option(let text): return text
        }
    }
}
