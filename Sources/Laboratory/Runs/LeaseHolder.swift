import Foundation

/// Who holds a lease: what tells, from the same host, whether it is still at work.
struct LeaseHolder: Codable, Sendable, Equatable {
    /// The host's name.
    let host: String
    /// The process, and when it started in clock ticks since the boot: numbers of processes are used again.
    let process: Int
    let started: String
    /// What the kernel calls the time since the host was last switched on.
    let boot: String
    /// Slurm's number of the job, and how often it had been requeued; nil outside of one.
    var job: String?
    var restarts: String?

    /// This process.
    static func current(_ environment: [String: String] = ProcessInfo.processInfo.environment) -> LeaseHolder {
        let process = Int(getpid())
        let boot = (try? String(contentsOfFile: "/proc/sys/kernel/random/boot_id", encoding: .utf8)) ?? ""
        return LeaseHolder(
            host: ProcessInfo.processInfo.hostName, process: process, started: start(of: process) ?? "",
            boot: boot.trimmingCharacters(in: .whitespacesAndNewlines), job: environment["SLURM_JOB_ID"],
            restarts: environment["SLURM_JOB_ID"].map { _ in environment["SLURM_RESTART_COUNT"] ?? "0" })
    }

    /// When a process of this host started, in clock ticks since the boot; nil where there is none.
    static func start(of process: Int) -> String? {
        guard let facts = try? String(contentsOfFile: "/proc/\(process)/stat", encoding: .utf8),
            let name = facts.lastIndex(of: ")")
        else { return nil }
        // The second field is a name that may hold anything, in brackets; the start is the 22nd (proc_pid_stat(5)).
        let fields = facts[facts.index(after: name)...].split(separator: " ")
        return fields.count > 19 ? String(fields[19]) : nil
    }

    /// Whether it is at work no more, as far as `other` can know: a process of the same host that has ended, or was
    /// running before the host was switched on again; or an earlier start of the same job, which Slurm has requeued.
    ///
    /// `start` says when a process of the host of `other` started.
    func isGone(for other: LeaseHolder, start: (Int) -> String? = Self.start) -> Bool {
        if let job, job == other.job, restarts != other.restarts { return true }
        guard host == other.host else { return false }
        return boot != other.boot || start(process) != started
    }

    /// "process 12 on host a, of job 34".
    var inWords: String { "process \(process) on host \(host)" + (job.map { ", of job \($0)," } ?? "") }
}
