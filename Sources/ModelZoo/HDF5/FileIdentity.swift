import Glibc

/// What tells that a file on disk is still the one it was.
struct FileIdentity: Hashable, Sendable {
    let device: UInt
    let inode: UInt
    let size: Int
    private let times: [Int]

    /// The identity of the file at `path`, or nil where there is none.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, inode, size) = (UInt(status.st_dev), UInt(status.st_ino), Int(status.st_size))
        times = [status.st_mtim.tv_sec, status.st_mtim.tv_nsec, status.st_ctim.tv_sec, status.st_ctim.tv_nsec]
    }
}
