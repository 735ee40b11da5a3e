import Basics
import Foundation

/// A `.npz` file: a ZIP archive of NumPy arrays.
///
/// Where one of them is a matrix `weights` (n, p) it is a population, one network a row: `buffers` goes with it, arrays
/// of n numbers are facts, and the text `layout.json` says what lies where in a row. Any other archive is one network,
/// an array a tensor.
struct NPZSource: ZooSource {
    let format = ZooFormat.npz
    let path: String
    /// Name of the matrix; nil takes `weights`.
    let array: String?

    func forEach(_ body: (ForeignNetwork) throws -> Void) throws {
        let archive = try ZipArchive(path: path)
        let name = array ?? "weights"
        if let weights = try matrix(archive, name) {
            try NPZPopulation(path: path, archive: archive, name: name, weights: weights).forEach(body)
            return
        }
        if let array {
            throw DataError(
                .missing, path: path, expected: "a matrix \"\(array)\"",
                found: archive.entries.prefix(12).map(\.name).joined(separator: ", "))
        }
        let tensors = try archive.entries.filter { $0.name.hasSuffix(".npy") }.map { entry in
            let array = try NPYArray(place: "\(path), \(entry.name)", bytes: try archive.read(entry))
            return try array.tensor(String(entry.name.dropLast(4)))
        }
        try body(ForeignNetwork(tensors: tensors, place: path))
    }

    private func matrix(_ archive: ZipArchive, _ name: String) throws -> NPYArray? {
        guard let entry = archive["\(name).npy"] else { return nil }
        let array = try NPYArray(place: "\(path), \(entry.name)", bytes: try archive.read(entry))
        guard array.shape.count == 2, array.header.element.isReal else { return nil }
        try array.checkWidth()
        return array
    }
}
