import Foundation

/// The executable that walks HDF5 files for tests.
public enum WalkerProcess {
    /// The walker beside the test bundle, or the one the environment names; nil where none was built.
    public static let path: String? = {
        if let named = ProcessInfo.processInfo.environment["WEIGHTSPACE_WALKER"] { return named }
        let path = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
            .appendingPathComponent("weightspace").path
        return FileManager.default.isExecutableFile(atPath: path) ? path : nil
    }()

    /// Whether files are walked by a child process here.
    public static var canWalk: Bool { path != nil }
}
