import ArgumentParser
import Basics
import Foundation
import Formats
import Laboratory
import ModelZoo

/// The command: parse, hand to Laboratory, print.
@main
struct WeightSpaceCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "weightspace",
        abstract: "Generative modelling of neural-network weights: zoos, flows, honest verdicts.",
        version: WeightSpaceVersion.current,
        subcommands: [
            RunCommand.self, GenerateCommand.self, EvaluateCommand.self, AlignCommand.self, ZooCommand.self,
            DataCommand.self, ReportCommand.self,
        ])

    static func main() {
        HDF5Probe.serveForeignIfAsked()
        Interruption.install()
        main(nil)
    }
}
