import Basics
import Foundation

/// Who started this process, as the environment says.
///
/// Processes that were started side by side and do not know each other would each do all of the work and write the same
/// files: that is refused here, before anything is read.
package struct Launch: Equatable {
    /// How many processes the launcher says it has started for this program; nil where it does not say, or there is none.
    let count: Int?
    /// Whether a launcher that MPI understands has started this process.
    let isForMPI: Bool
    /// The tasks of Slurm's job or step; nil outside of Slurm.
    let slurmTasks: Int?
    /// Whether this is the first of the processes, as far as the launcher says: what all would say, one says.
    let isFirst: Bool

    init(_ environment: [String: String]) {
        func number(_ names: String...) -> Int? { names.lazy.compactMap { environment[$0].flatMap { Int($0) } }.first }
        slurmTasks = number("SLURM_STEP_NUM_TASKS", "SLURM_NTASKS")
        isForMPI = ["OMPI_COMM_WORLD_SIZE", "PMI_SIZE", "PMI_RANK", "PMIX_RANK"].contains { environment[$0] != nil }
        isFirst = (number("OMPI_COMM_WORLD_RANK", "PMI_RANK", "PMIX_RANK", "SLURM_PROCID") ?? 0) == 0
        let said = number("OMPI_COMM_WORLD_SIZE", "PMI_SIZE")
        count = said ?? (isForMPI ? slurmTasks : nil)
    }

    /// Throws `DataError` (configuration) where a program that has MPI (or has none) was started as several processes
    /// that do not know each other; `size` is how many do.
    func check(hasMPI: Bool, size: Int) throws {
        guard size == 1 else { return }
        let several = [count, isForMPI ? nil : slurmTasks].compactMap { $0 }.max() ?? 1
        guard several > 1 else { return }
        guard hasMPI else {
            throw DataError(
                .configuration, path: "",
                problem: "\(several) processes were started, each of which would do all of the work: this program was "
                    + "built without MPI",
                hint: "build it with `swift build --traits MPI`, or start one process")
        }
        throw DataError(
            .configuration, path: "",
            problem: isForMPI
                ? "\(several) processes were started and do not find each other: MPI sees one"
                : "Slurm has \(several) tasks, and MPI sees one process",
            hint: "start it with `srun --mpi=pmix`, or with `srun -n 1` for one process")
    }
}

extension Launch {
    /// An environment without what launchers tell a process of MPI: for children that are no ranks.
    package static func withoutLauncher(_ environment: [String: String]) -> [String: String] {
        environment.filter { name, _ in !prefixes.contains { name.hasPrefix($0) } }
    }

    private static let prefixes = [
        "OMPI_", "PMI_", "PMIX_", "PMI2_", "ORTE_", "OPAL_", "PRTE_", "MPIR_", "HYDRA_", "HYDI_",
    ]
}
