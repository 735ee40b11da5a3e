import Basics
import Glibc

/// Writes whole files.
enum PlainFile {
    /// Writes bytes under a name and brings them to the disk; throws `.inputOutput`.
    static func write(_ bytes: [UInt8], to path: String) throws {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw failure(path) }
        var written = 0
        while written < bytes.count {
            let count = bytes[written...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count > 0 else {
                let problem = failure(path)
                close(descriptor)
                throw problem
            }
            written += count
        }
        let isOnDisk = fsync(descriptor) == 0 || errno == EINVAL
        let problem = failure(path)
        guard close(descriptor) == 0, isOnDisk else { throw problem }
    }

    private static func failure(_ path: String) -> DataError {
        DataError(
            .inputOutput, path: path, expected: "a complete write",
            found: String(cString: strerror(errno)).lowercased())
    }
}
