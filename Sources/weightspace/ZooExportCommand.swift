import ArgumentParser
import Basics
import Formats
import Foundation
import Laboratory
import ModelZoo

extension ZooCommand {
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write networks of a zoo file in a format that others read.",
            discussion: """
                safetensors: a folder with one file a network, PyTorch's names; npz: one file with the matrix `weights`
                and an array for every fact; flat-hdf5: one file with the matrix `/dataset`; zoo: a zoo file.

                  weightspace zoo export zoo.h5 --format safetensors --split test --out networks/
                """)

        @Argument(help: "A zoo file.")
        var zoo: String
        @Option(help: ArgumentHelp("safetensors, npz, flat-hdf5 or zoo.", valueName: "name"))
        var format: ZooFormat
        @Option(help: ArgumentHelp("File or folder to write.", valueName: "path"))
        var out: String
        @Option(help: ArgumentHelp("Networks to write, as 0,3,10-19.", valueName: "rows"))
        var rows: String?
        @Option(help: ArgumentHelp("Write networks of train, validation or test alone.", valueName: "name"))
        var split: Split?
        @Flag(help: "Write every checkpoint of the trajectories too (safetensors).")
        var checkpoints = false
        @OptionGroup var common: CommonOptions

        enum Split: String, ExpressibleByArgument, CaseIterable {
            case train, validation, test

            var split: ZooSplit {
                switch self {
                case .train: .train
                case .validation: .validation
                case .test: .test
                }
            }
        }

        func run() throws {
            try common.perform {
                var work = ExportOperation(path: zoo, format: format, out: URL(fileURLWithPath: out))
                (work.rows, work.split, work.checkpoints) = (rows, split?.split, checkpoints)
                let report = try work.execute(common.reporter)
                let files = report.files == 1 ? "" : " in \(report.files) files"
                let notes = report.notes.map { "note: \($0)\n" }.joined()
                try common.print(
                    "\(out): \(report.networks) networks\(files)\n\(notes)", json: Tree(encoding: report))
                return .done
            }
        }
    }
}
