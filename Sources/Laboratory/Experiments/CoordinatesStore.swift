import Basics
import Foundation
import Generation
import ModelZoo
import Networks

/// Fitted coordinates on disk: the folder `coordinates/` of a run, `coordinates.json` and the fitted tensors.
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
    }

    func write(_ coordinates: any StoredCoordinates, _ description: Description) throws {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try TensorFile(url: folder.appendingPathComponent("tensors.h5")).write(coordinates.tensors)
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
}
