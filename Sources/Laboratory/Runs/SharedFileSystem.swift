import Foundation

/// File systems that several hosts can have mounted at once. `flock` there is not seen by the others, or by nobody, or
/// depends on how the volume was mounted.
enum SharedFileSystem {
    /// What Linux calls them; those in user space are `fuse` and whatever follows a point.
    private static let names: Set<Substring> = [
        "nfs", "nfs4", "cifs", "smb3", "smbfs", "lustre", "ceph", "gpfs", "beegfs", "wekafs", "afs", "coda", "gfs2",
        "ocfs2", "orangefs", "pvfs2", "panfs", "9p", "virtiofs", "vboxsf", "fuse",
    ]

    /// The name of the file system that a path is on, where it is a shared one; nil for a local one, one that is not
    /// known, and where the system does not tell.
    static func name(at path: String) -> String? {
        var facts = stat()
        guard stat(path, &facts) == 0,
            let mounts = try? String(contentsOfFile: "/proc/self/mountinfo", encoding: .utf8)
        else { return nil }
        // makedev(3): twelve bits of the one number lie between those of the other.
        let device = UInt64(facts.st_dev)
        let major = (device >> 8 & 0xFFF) | (device >> 32 & ~0xFFF)
        let minor = (device & 0xFF) | (device >> 12 & 0xFFFF_FF00)
        return name(device: "\(major):\(minor)", mounts: mounts)
    }

    /// The same of a device, "8:1", and a table of mounts in the form of proc_pid_mountinfo(5).
    static func name(device: String, mounts: String) -> String? {
        for line in mounts.split(separator: "\n") {
            let fields = line.split(separator: " ")
            // Optional fields end with a hyphen; the type follows.
            guard fields.count > 6, fields[2] == device, let end = fields[6...].firstIndex(of: "-"),
                end + 1 < fields.count
            else { continue }
            let kind = fields[end + 1]
            return names.contains(kind.prefix { $0 != "." }) ? String(kind) : nil
        }
        return nil
    }
}
