import ArgumentParser
import Laboratory

struct DoctorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Say which versions, kernels, libraries and folders are in use, and test that they compute right.",
        usage: "weightspace doctor [<options>]",
        discussion: """
            Takes a second. Exit status 1: something is wrong. Please paste the output into any report of a \
            problem. Over ranks it also times what passes between them, some seconds more.

              weightspace doctor
              weightspace doctor --json
              mpirun -n 2 weightspace doctor
            """)

    @OptionGroup var common: CommonOptions

    func run() throws {
        try common.perform {
            let found = DoctorOperation.execute(data: common.data, ranks: common.ranks())
            try common.print(found.text, json: found.tree())
            return found.isSound ? .done : .unwell
        }
    }
}
