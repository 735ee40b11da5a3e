import Foundation

/// Which file or folder on the disk a path stands for, links followed. Renaming does not change it.
package struct FileNode: Hashable, Sendable {
    private let device: Int
    private let number: Int

    /// That of a path; nil where nothing is there.
    package init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        (device, number) = (Int(status.st_dev), Int(status.st_ino))
    }

    /// The same in a file.
    package var text: String { "\(device) \(number)" }
}
