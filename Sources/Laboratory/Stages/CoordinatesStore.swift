import Basics
import Foundation
import Generation
import ModelZoo
import Networks
import Tensors

/// The codes of the networks that a generator learns from: encoded once, when the coordinates were fitted.
struct StoredCodes {
    /// Of the training networks, [N, K].
    let training: Tensor
    /// Of the validation networks, [M, K]; nil where there are none.
    let validation: Tensor?
    /// Of their runs' checkpoints, `Trajectories.packed`, where the process learns from these.
    var paths: (training: Tensor, validation: Tensor?)?

    /// What a net is trained on: the runs where there are any, else the networks.
    var learned: (training: Tensor, validation: Tensor?) { paths ?? (training, validation) }
}

/// Fitted coordinates on disk: the folder `coordinates/` of a run, `coordinates.json`, the fitted tensors, and the
/// codes of the networks that they were fitted to.
struct CoordinatesStore {
    let folder: URL

    /// What `coordinates.json` says.
    struct Description: Codable, Equatable {
        /// The version this code writes and reads.
        static let version = 1

        var format = "weightspace-coordinates"
        var version = Self.version
        /// K.
        var dimension: Int
        /// D.
        var parameterCount: Int
        /// Root mean square of the training networks' codes.
        var codeStd: Double
        /// Share of the total variance, of principal components.
        package var capturedVariance: Double?
        /// How an autoencoder's training ended.
        var training: TrainingFacts?
        /// What networks are worth that were encoded and decoded, where something may be lost.
        var reconstruction: Reconstruction?
        /// Times of the runs' knots, where the process learns from whole runs.
        var knots: [Double]?
        /// The steps that led to them.
        var provenance: Provenance?
    }

    func write(_ coordinates: any StoredCoordinates, _ description: Description, _ codes: StoredCodes) throws {
        try POSIXFile.makeFolders(folder.path)
        let tensors = TensorFile(url: folder.appendingPathComponent("tensors.h5"), provenance: description.provenance)
        try tensors.write(coordinates.tensors)
        let parts = [
            ("training", codes.training), ("validation", codes.validation),
            (Self.paths.training, codes.paths?.training),
            (Self.paths.validation, codes.paths?.validation),
        ]
        try TensorFile(url: codesFile.url, provenance: description.provenance).write(
            parts.compactMap { part in part.1.map { NamedTensor(part.0, $0) } })
        let json = try Tree(encoding: description).text(pretty: true) + "\n"
        try WholeFile.write(json, to: folder.appendingPathComponent("coordinates.json"))
    }

    /// Throws `DataError` where the folder was damaged, is of another version or holds another kind's tensors.
    func read(_ config: any CoordinatesConfig, layout: ParameterLayout) throws -> (any StoredCoordinates, Description) {
        let file = folder.appendingPathComponent("coordinates.json")
        try StoredJSON.refuseOtherVersions(file, than: Description.version, expected: "fitted coordinates")
        let description = try StoredJSON.read(Description.self, file, expected: "fitted coordinates")
        let tensors = folder.appendingPathComponent("tensors.h5")
        let coordinates: any StoredCoordinates
        do {
            coordinates = try config.read(
                TensorFile(url: tensors).read(), CoordinatesFitting(layout: layout, path: tensors.path, seed: 0))
        } catch let error as DataError where error.path != tensors.path {
            throw error.about(tensors.path)
        }
        let std = description.codeStd
        guard std > 0, std <= Double(Float.greatestFiniteMagnitude) else {
            throw DataError(
                .malformed, path: file.path, expected: "a codeStd above 0 that single precision can hold",
                found: "\(std)", hint: "the file was changed by hand or damaged: run the experiment again")
        }
        guard coordinates.parameterCount == layout.count, coordinates.dimension == description.dimension else {
            throw DataError(
                .malformed, path: folder.path,
                expected: "codes of \(description.dimension) for networks of \(layout.count) weights",
                found: "\(coordinates.dimension) for \(coordinates.parameterCount)")
        }
        return (coordinates, description)
    }

    private static let paths = (training: "training_runs", validation: "validation_runs")

    private var codesFile: TensorFile { TensorFile(url: folder.appendingPathComponent("codes.h5")) }

    /// The codes of a population's networks as they were encoded when the coordinates were fitted.
    ///
    /// Throws `DataError` where the file is not there, was damaged or holds those of others.
    func codes(_ population: ZooPopulation, dimension: Int, withRuns: Bool = false) throws -> StoredCodes {
        let tensors = try codesFile.read()
        func find(_ name: String, _ rows: [Int]) throws -> Tensor {
            let shape: Shape = [rows.count, dimension]
            guard let codes = tensors.first(where: { $0.name == name })?.value, codes.shape == shape else {
                throw DataError(
                    .malformed, path: codesFile.url.path, expected: "the codes of the \(name) networks, \(shape)",
                    found: tensors.map { "\($0.name) \($0.value.shape)" }.joined(separator: ", "),
                    hint: "the folder was changed or made by another version: run it anew, in an empty folder")
            }
            return codes
        }
        func runs(_ name: String, _ rows: [Int]) throws -> Tensor {
            let found = tensors.first { $0.name == name }?.value
            guard let found, found.rank == 2, found.shape[0] == rows.count, found.shape[1] > 0,
                found.shape[1].isMultiple(of: dimension + 1)
            else {
                throw DataError(
                    .malformed, path: codesFile.url.path, expected: "\(name), the runs of \(rows.count) networks",
                    found: found.map { "\($0.shape)" } ?? "none",
                    hint: "the folder was changed or made by another version: run it anew, in an empty folder")
            }
            return found
        }
        let rows = population.rows
        return StoredCodes(
            training: try find("training", rows.train),
            validation: rows.validation.isEmpty ? nil : try find("validation", rows.validation),
            paths: try withRuns
                ? (
                    runs(Self.paths.training, rows.train),
                    rows.validation.isEmpty ? nil : runs(Self.paths.validation, rows.validation)
                ) : nil)
    }
}
