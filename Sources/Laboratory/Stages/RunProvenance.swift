import Basics
import Foundation
import ModelZoo

extension ExperimentConfig {
    /// The file of a run that holds the net from which networks are drawn.
    var netFile: String { tuning.settings == nil ? "generator/net.h5" : ExperimentRun.tunedNet }
}

extension ExperimentRun {
    /// The steps that led to what a stage makes from files of the run: those of the last of them that records any, and the
    /// stage's own, with the settings of the run. A file's word in it is its name without an ending.
    func chain(_ made: String, from files: [String]) throws -> Provenance {
        var (earlier, parents) = (Provenance?.none, [Provenance.Parent]())
        for file in files {
            let path = folder.file(file).path
            guard FileManager.default.fileExists(atPath: path) else { continue }
            let reader = try ZooReader(path: path)
            earlier = reader.header.provenance ?? earlier
            parents.append(try reader.parent(Self.word(file)))
        }
        return try earlier.adding(config.step(made, parents: parents))
    }

    /// "generator" of generator/net.h5, "aligned zoo" of aligned.h5.
    private static func word(_ file: String) -> String {
        let parts = file.split(separator: "/")
        if parts.count > 1, let folder = parts.first { return String(folder) }
        return file == "aligned.h5" ? "aligned zoo" : file == tunedNet ? "tuned generator" : "zoo"
    }
}
