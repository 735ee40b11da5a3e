import Basics
import Foundation
import Synchronization

/// This process in its job: alone, or one of the ranks that `mpirun` or `srun` has started.
public enum Job {
    private static let joined = Mutex<Membership?>(nil)

    private struct Membership {
        let communicator: any Communicator
        /// Ranks on this node, this one included.
        let ranksOnNode: Int
        /// Threads that this rank may use; nil where nothing is to be shared.
        let threads: Int?
        let leave: @Sendable () throws -> Void
    }

    /// Joins the other processes of the job, if there are any. Called once, when the command starts.
    ///
    /// Throws `DataError` (configuration) where several processes were started that do not know each other, or that are
    /// not alike: `likeness` is what must be the same in all for the same bytes, a fact a line.
    public static func join(likeness: [String] = []) throws {
        let launch = Launch(ProcessInfo.processInfo.environment)
        let member = try member(launch)
        joined.withLock { $0 = member }
        guard let communicator = member?.communicator, communicator.size > 1 else { return }
        try compare(likeness, communicator)
    }

    /// Whether this process is the first of those that were started, as far as the launcher says.
    public static var isFirst: Bool { Launch(ProcessInfo.processInfo.environment).isFirst }

    /// How this process talks to the others.
    public static var communicator: any Communicator { joined.withLock { $0?.communicator } ?? OneRank() }

    /// Threads for each rank so that those of a node together fill its processors; nil for a process alone.
    public static var threads: Int? { joined.withLock { $0?.threads } }

    /// The ranks in words: "2 ranks, 2 of them on this node"; nil for a process alone.
    public static var summary: String? {
        joined.withLock { member in
            guard let member, member.communicator.size > 1 else { return nil }
            return "\(member.communicator.size) ranks, \(member.ranksOnNode) on this node"
        }
    }

    /// Leaves the job: rank 0 sends the others home first. Nothing is said to them after it.
    public static func leave() {
        guard
            let member = joined.withLock({ member in
                defer { member = nil }
                return member
            })
        else { return }
        do {
            if member.communicator.rank == 0 { try Ranks(member.communicator).dismiss() }
            try member.leave()
        } catch {
            FileHandle.standardError.write(Data("weightspace: \(error)\n".utf8))
            member.communicator.abort(status: 74)
        }
    }

    /// Ends all processes of the job after a failure of this one that the others do not know of.
    public static func abort(_ message: String, status: Int32) -> Never {
        FileHandle.standardError.write(Data("weightspace: rank \(communicator.rank): \(message)\n".utf8))
        communicator.abort(status: status)
    }

    #if MPI
        private static func member(_ launch: Launch) throws -> Membership? {
            // MPI outside of a launcher would start a daemon of its own, and is not needed.
            guard launch.isForMPI else {
                try launch.check(hasMPI: true, size: 1)
                return nil
            }
            let communicator = try MPICommunicator()
            try launch.check(hasMPI: true, size: communicator.size)
            return Membership(
                communicator: communicator, ranksOnNode: communicator.ranksOnNode,
                threads: communicator.size > 1 ? communicator.threads : nil, leave: { try communicator.leave() })
        }
    #else
        private static func member(_ launch: Launch) throws -> Membership? {
            try launch.check(hasMPI: false, size: 1)
            return nil
        }
    #endif

    /// Throws, on every rank, where the facts of any rank differ from those of rank 0.
    static func compare(_ likeness: [String], _ communicator: any Communicator) throws {
        let own = Array(likeness.joined(separator: "\n").utf8)
        let all = try communicator.gather(own, tag: RankTag.greeting)
        let found = try communicator.broadcast(Array((all.flatMap(difference) ?? "").utf8), from: 0)
        guard found.isEmpty else {
            throw DataError(
                .configuration, path: "ranks", problem: String(decoding: found, as: UTF8.self),
                hint: "start the same build everywhere; WEIGHTSPACE_KERNELS=avx2 and OPENBLAS_CORETYPE=Haswell make "
                    + "processors alike")
        }
    }

    /// What tells the first rank that differs from rank 0 from it.
    private static func difference(_ all: [[UInt8]]) -> String? {
        let facts = all.map { String(decoding: $0, as: UTF8.self).split(separator: "\n") }
        guard let other = facts.firstIndex(where: { $0 != facts[0] }) else { return nil }
        let pair = zip(facts[0], facts[other]).first { $0 != $1 }
        let words = pair.map { "\"\($0.1)\", and rank 0 \"\($0.0)\"" } ?? "another build than rank 0"
        return "do not give the same bytes: rank \(other) has \(words)"
    }
}
