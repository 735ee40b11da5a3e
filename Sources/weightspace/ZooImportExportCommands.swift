import ArgumentParser
import Basics
import Formats
import Foundation
import Laboratory
import ModelZoo

extension ZooCommand {
    struct Import: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Convert networks from another format into a zoo file.",
            usage: "weightspace zoo import <source> --out <file> [<options>]",
            discussion: """
                Reads flat HDF5 matrices, Keras HDF5 files, Ray Tune directories, PyTorch \
                checkpoints (no code in them is run), safetensors, .npy and .npz, and folders \
                of these. The format is recognised by content.

                  weightspace zoo import weights.h5 --out zoo.h5 \\
                      --architecture '{"kind":"mlp","widths":[64,16,10]}'
                  weightspace zoo import nets --out nets.h5 \\
                      --pattern "seed{seed}_epoch{epoch}.safetensors"

                --dataset is a name (with the usual preparation, and no recorded split) or a description, as \
                JSON or in a file. Its keys: scale and shift; mean and std as in torchvision, of x / 255 (or of \
                x * scale); standardize, missing, label, classes; split, which is "official", shares of each \
                class as here, or the rows {"train":[...],"test":[...]}.

                  --dataset '{"name":"digits","scale":0.0625,
                    "split":{"validation":0.2,"test":0.2,"seed":0}}'
                """)

        @Argument(help: "A file or folder of networks.")
        var source: String
        @Option(help: ArgumentHelp("Zoo file to write.", valueName: "file"))
        var out: String
        @Option(help: ArgumentHelp("Read the source as this format.", valueName: "name"))
        var format: ZooFormat?
        @Option(
            help: ArgumentHelp(
                "What the networks look like: a kind (`weightspace architectures`), JSON, or a YAML or JSON file.",
                valueName: "text"))
        var architecture: String?
        @Option(help: ArgumentHelp("Data set they were trained on: a name, or a description.", valueName: "text"))
        var dataset: String?
        @Option(
            help: ArgumentHelp("Pattern of the file names in a folder, with facts in braces.", valueName: "pattern"))
        var pattern: String?
        @Option(help: ArgumentHelp("Dataset or array that holds the networks.", valueName: "name"))
        var array: String?
        @Option(help: ArgumentHelp("Key under which the weights are stored, such as model_ema.", valueName: "name"))
        var key: String?
        @Option(help: ArgumentHelp("What to do with a run's checkpoints.", valueName: "what"))
        var checkpoints: ZooImport.Checkpoints = .trajectory
        @Option(help: ArgumentHelp("Order of the numbers of a vector without names.", valueName: "name"))
        var order: ZooImport.FlatOrder = .layout
        @Option(
            help: ArgumentHelp(
                "Order of a matrix's axes where names do not tell: out-in or in-out.", valueName: "order"))
        var matrices: ZooImport.MatrixOrder = .named
        @Option(
            help: ArgumentHelp(
                "The networks' layers in the order of computation, such as fc1,fc2,head.", valueName: "names")
        )
        var layers: String?
        @Option(help: ArgumentHelp("Tensor to leave out; * matches anything; may be repeated.", valueName: "name"))
        var skip: [String] = []
        @Option(help: ArgumentHelp("gzip level, 1 to 9.", valueName: "level"))
        var compression: Int?
        @Flag(help: "Leave out networks with numbers that are not finite.")
        var dropNonFinite = false
        @Flag(help: "Accuracies are in percent.")
        var percent = false
        @OptionGroup var output: OutputOptions
        @OptionGroup var common: CommonOptions

        func validate() throws {
            if let compression, !(1...9).contains(compression) {
                throw ValidationError("--compression: expected 1 to 9, found \(compression)")
            }
        }

        func run() throws {
            try common.perform {
                var work = ImportOperation(source: source, out: URL(fileURLWithPath: out))
                work.replaces = output.force
                work.architecture = architecture
                if let dataset { (work.dataset, work.catalog) = (dataset, try common.catalog()) }
                work.sources = ZooSources(
                    format: format, array: array, key: key, pattern: try pattern.map { try NamePattern($0) })
                work.adjust = { work in
                    (work.checkpoints, work.skipped, work.compression) = (checkpoints, skip, compression)
                    (work.dropsNonFinite, work.percent, work.flatOrder) = (dropNonFinite, percent, order)
                    work.matrixOrder = matrices
                    work.layers = layers?.split(separator: ",").map { $0.filter { $0 != " " } } ?? []
                }
                let report = try work.execute(common.reporter)
                let dropped = report.dropped == 0 ? "" : ", \(report.dropped) left out: not finite"
                let facts =
                    "\(Numbers.networks(report.networks)) of \(report.parameters) parameters, from \(report.format)"
                let notes = (report.notes.map { "note: \($0)\n" } + report.warnings.map { "warning: \($0)\n" }).joined()
                try common.print("\(out): \(facts)\(dropped)\n\(notes)", json: Tree(encoding: report))
                return .done
            }
        }
    }
}

extension ZooFormat: ExpressibleByArgument {}
extension ZooImport.Checkpoints: ExpressibleByArgument {}
extension ZooImport.FlatOrder: ExpressibleByArgument {}
extension ZooImport.MatrixOrder: ExpressibleByArgument {}

extension ZooCommand {
    struct Export: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Write a zoo's networks in a format that other tools read.",
            usage: "weightspace zoo export <zoo> --format <name> --out <path> [<options>]",
            discussion: """
                safetensors: a folder with one file per network. Tensors keep the names they were imported \
                with, so that `load_state_dict` takes them; others get ours. npz: one file with the matrix \
                `weights` and an array for every fact. flat-hdf5: one file with the matrix `/dataset`. \
                virtual-hdf5: one file of virtual datasets over the shards of a sharded zoo. zoo: a zoo file.

                  weightspace zoo export zoo.h5 --format safetensors --out networks
                  weightspace zoo export ModelZoos/digits-mlp.h5 --format npz \\
                      --split test --out fresh.npz
                """)

        @Argument(help: "A zoo file.")
        var zoo: String
        @Option(
            help: ArgumentHelp("safetensors, npz, flat-hdf5, virtual-hdf5 or zoo.", valueName: "name"),
            transform: { text in
                guard let format = ZooExport.formats.first(where: { $0.rawValue == text }) else {
                    let known = ZooExport.formats.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("expected one of \(known), found \(text)")
                }
                return format
            })
        var format: ZooFormat
        @Option(help: ArgumentHelp("File or folder to write.", valueName: "path"))
        var out: String
        @Option(help: ArgumentHelp("Networks to write, such as 0,3,10-19.", valueName: "rows"))
        var rows: String?
        @Option(
            help: ArgumentHelp("Write only the networks of one split: train, validation or test.", valueName: "name"))
        var split: Split?
        @Flag(help: "Write every checkpoint of the trajectories too (safetensors).")
        var checkpoints = false
        @Option(
            help: ArgumentHelp(
                "Names of tensors: own (as imported), ours, pytorch, or another library's (timm, kuangliu).",
                valueName: "whose"))
        var names: String?
        @OptionGroup var output: OutputOptions
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
                work.replaces = output.force
                work.names = names
                let report = try work.execute(common.reporter)
                let files = report.files == 1 ? "" : " in \(report.files) files"
                let notes = report.notes.map { "note: \($0)\n" }.joined()
                try common.print(
                    "\(out): \(Numbers.networks(report.networks))\(files)\n\(notes)", json: Tree(encoding: report))
                return .done
            }
        }
    }
}
