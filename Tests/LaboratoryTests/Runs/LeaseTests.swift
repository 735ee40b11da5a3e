import Foundation
import Testing
import TestSupport

@testable import Basics
@testable import Laboratory

@Suite("Leases of folders on shared file systems")
struct LeaseTests {
    private let here = LeaseHolder.current([:])

    private func holder(
        host: String? = nil, process: Int? = nil, started: String? = nil, boot: String? = nil, job: String? = nil,
        restarts: String? = nil
    ) -> LeaseHolder {
        LeaseHolder(
            host: host ?? here.host, process: process ?? here.process, started: started ?? here.started,
            boot: boot ?? here.boot, job: job, restarts: restarts)
    }

    private func plant(_ holder: LeaseHolder, _ scratch: ScratchFolder) throws {
        try scratch.put(".lease", Tree(encoding: holder).text(pretty: true) + "\n")
    }

    private func lock(_ scratch: ScratchFolder, takesOver: Bool = false) throws -> FolderLock {
        try FolderLock(
            scratch.url, takesOver: takesOver, takeOver: FolderLock.takeOverAdvice, isShared: true)
    }

    @Test("a lease says who holds the folder, goes with its holder, and is held against its own process too")
    func held() throws {
        let scratch = try ScratchFolder()
        do {
            let lock = try lock(scratch)
            let text = try Tree(parsing: scratch.text(".lease"))
            #expect(text["host"]?.string == here.host && text["process"]?.number == Double(getpid()))
            #expect(text["boot"]?.string?.count == 36 && text["started"]?.string == here.started)
            #expect(scratch.names == [".lease"])
            let error = try requireDataError { _ = try self.lock(scratch) }
            #expect(error.kind == .busy && error.path == scratch.url.path)
            #expect(error.found == "process \(getpid()) on host \(here.host) is at work in it")
            withExtendedLifetime(lock) {}
        }
        #expect(scratch.names.isEmpty)
        #expect(throws: Never.self) { try lock(scratch) }
    }

    @Test("a process of this host that has ended, was another, or ran before a restart is taken over at once")
    func gone() throws {
        let ended = try finishedProcess()
        for holder in [
            holder(process: ended, started: "1"), holder(started: "1"), holder(process: 1, boot: "another"),
            holder(host: "elsewhere", process: 1, job: "7", restarts: "0"),
        ] {
            let scratch = try ScratchFolder()
            try plant(holder, scratch)
            let observer = self.holder(job: "7", restarts: "1")
            let lease = try Lease(scratch.file(".lease").path, for: observer, hint: "")
            #expect(try Tree(parsing: scratch.text(".lease"))["job"]?.string == "7")
            #expect(scratch.names == [".lease"])
            withExtendedLifetime(lease) {}
        }
    }

    /// The number of a process that was there and has ended.
    private func finishedProcess() throws -> Int {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/true")
        try process.run()
        process.waitUntilExit()
        return Int(process.processIdentifier)
    }

    @Test("another host's process is refused with advice, and --take-over takes the folder")
    func elsewhere() throws {
        let scratch = try ScratchFolder()
        try plant(holder(host: "node-7", process: 12, job: "34", restarts: "0"), scratch)
        let error = try requireDataError { _ = try lock(scratch) }
        #expect(error.kind == .busy && ExitStatus(error) == .tryAgain)
        #expect(error.found.hasPrefix("process 12 on host node-7, of job 34, holds it"))
        #expect(error.found.contains("this host, \(here.host), cannot see"))
        #expect(error.hint == "if it does not, --take-over takes the folder over")
        #expect(scratch.names == [".lease"], "what was refused left the lease as it was")
        let taken = try lock(scratch, takesOver: true)
        #expect(try Tree(parsing: scratch.text(".lease"))["host"]?.string == here.host)
        withExtendedLifetime(taken) {}
    }

    @Test("the same job is another's while it has not been requeued; a process that runs is not taken over")
    func atWork() {
        let observer = holder(job: "7", restarts: "1")
        func isGone(_ found: LeaseHolder) -> Bool { found.isGone(for: observer) { $0 == 5 ? "99" : nil } }
        #expect(
            !isGone(holder(host: "b", job: "7", restarts: "1")) && isGone(holder(host: "b", job: "7", restarts: "0")))
        #expect(!isGone(holder(host: "b", job: "8", restarts: "0")) && !isGone(holder(host: "b", boot: "x")))
        #expect(!isGone(holder(process: 5, started: "99")) && isGone(holder(process: 5, started: "98")))
        #expect(isGone(holder(process: 6, started: "99")) && isGone(holder(process: 5, started: "99", boot: "x")))
    }

    @Test("a lease that cannot be read is somebody's")
    func unreadable() throws {
        let scratch = try ScratchFolder()
        try scratch.put(".lease", "")
        let error = try requireDataError { _ = try lock(scratch) }
        #expect(error.kind == .busy && error.found.contains(".lease does not say who is at work in it"))
        #expect(error.hint == "if nobody is, --take-over takes the folder over")
        #expect(throws: Never.self) { try lock(scratch, takesOver: true) }
    }

    @Test("of many that take over a dead one's lease at once, one gets it")
    func race() async throws {
        let scratch = try ScratchFolder()
        try plant(holder(started: "1"), scratch)
        let url = scratch.url
        let results = await withTaskGroup(of: Result<FolderLock, any Error>.self) { group in
            for _ in 0..<8 { group.addTask { Result { try FolderLock(url, isShared: true) } } }
            var results: [Result<FolderLock, any Error>] = []
            for await result in group { results.append(result) }
            return results
        }
        #expect(results.count { (try? $0.get()) != nil } == 1)
        for case .failure(let error) in results { #expect(ExitStatus(error) == .tryAgain, "\(error)") }
    }

    @Test("a lock of one file says which lease to remove, and two files are held by two")
    func named() throws {
        let scratch = try ScratchFolder()
        let first = try FolderLock(scratch.url, name: ".a.lock", isShared: true)
        let second = try FolderLock(scratch.url, name: ".b.lock", isShared: true)
        #expect(scratch.names == [".a.lock.lease", ".b.lock.lease"])
        try scratch.put(".c.lock.lease", "{}")
        let error = try requireDataError { _ = try FolderLock(scratch.url, name: ".c.lock", isShared: true) }
        #expect(error.hint == "if nobody is, remove \(scratch.file(".c.lock.lease").path)")
        withExtendedLifetime((first, second)) {}
    }

    @Test("a run's folder that holds nothing but a lease is empty")
    func emptyRun() throws {
        let scratch = try ScratchFolder()
        try plant(holder(host: "b"), scratch)
        #expect(RunFolder.state(at: scratch.url) == .absent)
    }

    @Test("this process is known by its start, and one that is not there by nothing")
    func starts() throws {
        #expect(here.started.allSatisfy(\.isNumber) && !here.started.isEmpty)
        #expect(LeaseHolder.start(of: try finishedProcess()) == nil)
        let job = LeaseHolder.current(["SLURM_JOB_ID": "12"])
        #expect(job.job == "12" && job.restarts == "0" && here.job == nil && here.restarts == nil)
        #expect(LeaseHolder.current(["SLURM_JOB_ID": "12", "SLURM_RESTART_COUNT": "3"]).restarts == "3")
    }

    @Test("network and user-space file systems are told from local disks")
    func fileSystems() {
        let mounts = """
            22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw
            30 22 0:45 / /home rw,relatime shared:9 master:2 - nfs4 server:/home rw,vers=4.2
            31 22 0:46 / /scratch rw - lustre 10.0.0.1@tcp:/scratch rw
            32 22 0:47 / /mnt/a\\040b rw - fuse.sshfs me@host: rw
            33 22 8:1 / /mnt/c rw - fuseblk /dev/sda1 rw
            34 22 0:48 / /tmp rw - tmpfs tmpfs rw
            broken line
            """
        func name(_ device: String) -> String? { SharedFileSystem.name(device: device, mounts: mounts) }
        #expect(name("0:45") == "nfs4" && name("0:46") == "lustre" && name("0:47") == "fuse.sshfs")
        for local in ["254:0", "8:1", "0:48", "9:9", ""] { #expect(name(local) == nil) }
        #expect(SharedFileSystem.name(at: "/proc") == nil && SharedFileSystem.name(at: "/no/such/place") == nil)
    }
}
