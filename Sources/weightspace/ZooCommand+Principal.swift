import ArgumentParser
import Basics
import Foundation
import Laboratory
import Reports

extension ZooCommand {
    struct Principal: ParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "pca", abstract: "Say how much of a zoo's variance its principal components carry.",
            discussion: "Fits to the training networks and reads a few at a time: the zoo may be larger than memory.")

        @Argument(help: "A zoo file.")
        var zoo: String
        @Option(help: ArgumentHelp("Most components.", valueName: "k"))
        var components = 99
        @Option(help: ArgumentHelp("MiB of networks to hold at once; results do not depend on it.", valueName: "mib"))
        var memory = 256
        @OptionGroup var common: CommonOptions

        func validate() throws {
            if components < 1 { throw ValidationError("--components: expected at least 1, found \(components)") }
            if memory < 1 || memory > 1 << 20 {
                throw ValidationError("--memory: expected 1 to 1048576, found \(memory)")
            }
        }

        func run() throws {
            try common.perform {
                Interruption.endAtOnce()
                let found = try PrincipalOperation(
                    path: zoo, components: components, maximumBytes: memory << 20
                ).execute(common.reporter)
                var table = TextTable(["components", "variance carried %"])
                for count in [1, 2, 5, 10, 20, 50, 100, 200, 500] where count < found.components {
                    table.append(["\(count)", Self.percent(found.captured(count))])
                }
                table.append(["\(found.components)", Self.percent(found.capturedVariance)])
                let held = found.freshLost.map {
                    "\(found.fresh) fresh networks lose \(Self.percent($0)) % of their squared distance "
                        + "from the mean\n"
                } ?? "no fresh networks\n"
                try common.print(
                    table.text + "fitted to \(found.networks) training networks; \(held)",
                    json: try Tree(encoding: found))
                return .done
            }
        }

        private static func percent(_ share: Double) -> String { String(format: "%.2f", share * 100) }
    }
}
