import Basics
import Foundation
import RankTestSupport
import Testing

@testable import Ranks

@Suite("How this process was started")
struct LaunchTests {
    private func refusal(_ environment: [String: String], hasMPI: Bool, size: Int = 1) -> String? {
        do {
            try Launch(environment).check(hasMPI: hasMPI, size: size)
            return nil
        } catch {
            #expect((error as? DataError)?.kind == .configuration)
            return "\(error)"
        }
    }

    @Test("A process alone is never refused", arguments: [true, false])
    func alone(hasMPI: Bool) {
        #expect(refusal([:], hasMPI: hasMPI) == nil)
        #expect(refusal(["SLURM_NTASKS": "1", "SLURM_JOB_ID": "7"], hasMPI: hasMPI) == nil)
        #expect(refusal(["OMPI_COMM_WORLD_SIZE": "1", "PMIX_RANK": "0"], hasMPI: hasMPI) == nil)
        // A step of one task in a job of four.
        #expect(refusal(["SLURM_NTASKS": "4", "SLURM_STEP_NUM_TASKS": "1"], hasMPI: hasMPI) == nil)
        #expect(
            refusal(
                ["OMPI_COMM_WORLD_SIZE": "1", "PMIX_RANK": "0", "SLURM_NTASKS": "4"], hasMPI: hasMPI) == nil)
    }

    @Test("Ranks that know each other are never refused")
    func together() {
        let slurm = ["SLURM_NTASKS": "4", "PMIX_RANK": "2"]
        #expect(refusal(slurm, hasMPI: true, size: 4) == nil)
        #expect(refusal(["OMPI_COMM_WORLD_SIZE": "3"], hasMPI: true, size: 3) == nil)
    }

    @Test("A build without MPI is refused under every launcher of several processes")
    func withoutMPI() {
        for environment in [
            ["OMPI_COMM_WORLD_SIZE": "3"], ["PMI_SIZE": "3", "PMI_RANK": "0"], ["SLURM_NTASKS": "3"],
            ["PMIX_RANK": "1", "SLURM_NTASKS": "3"],
        ] {
            #expect(
                refusal(environment, hasMPI: false)
                    == "3 processes were started, each of which would do all of the work: this program was "
                    + "built without MPI (build it with `swift build --traits MPI`, or start one process)")
        }
    }

    @Test("srun without --mpi=pmix is refused with that advice; so are ranks that do not find each other")
    func slurm() {
        #expect(
            refusal(["SLURM_NTASKS": "4"], hasMPI: true)
                == "Slurm has 4 tasks, and MPI sees one process (start it with `srun --mpi=pmix`, or with "
                + "`srun -n 1` for one process)")
        #expect(refusal(["PMI_SIZE": "4", "PMI_RANK": "1"], hasMPI: true)?.contains("do not find each other") == true)
        #expect(refusal(["PMIX_RANK": "1", "SLURM_NTASKS": "4"], hasMPI: true)?.contains("MPI sees one") == true)
    }

    @Test("A child that is no rank gets nothing of what launchers say, and everything else")
    func children() {
        let environment = [
            "PATH": "/bin", "OMPI_COMM_WORLD_SIZE": "2", "PMI_RANK": "0", "PMIX_NAMESPACE": "x", "SLURM_JOB_ID": "1",
            "OMP_NUM_THREADS": "2",
        ]
        #expect(
            Launch.withoutLauncher(environment) == ["PATH": "/bin", "SLURM_JOB_ID": "1", "OMP_NUM_THREADS": "2"])
    }

    @Test("Ranks that would not give the same bytes are refused, on every rank")
    func likeness() throws {
        let world = ThreadRanks.world(3)
        let facts = [["0.1.0", "avx2"], ["0.1.0", "avx2"], ["0.1.0", "avx512"]]
        let group = DispatchGroup()
        for (member, own) in zip(world, facts).dropFirst() {
            group.enter()
            Thread.detachNewThread {
                #expect(throws: DataError.self) { try Job.compare(own, member) }
                group.leave()
            }
        }
        let error = #expect(throws: DataError.self) { try Job.compare(facts[0], world[0]) }
        group.wait()
        #expect(error?.description.contains("rank 2 has \"avx512\", and rank 0 \"avx2\"") == true)
        try Job.compare(facts[0], OneRank())
    }

    @Test("A process that joined nothing is alone")
    func notJoined() {
        #expect(Job.communicator.size == 1 && Job.threads == nil && Job.summary == nil)
        Job.leave()
    }
}
