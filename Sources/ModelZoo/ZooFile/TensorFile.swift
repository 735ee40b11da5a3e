import Basics
import Foundation
import Networks
import Tensors

/// Named tensors on disk: a zoo file of one row, whose slots are the tensors. Checksummed, single precision.
package struct TensorFile {
    package let url: URL
    /// The steps that led to the tensors, written with them where they are known.
    package var provenance: Provenance?

    /// The file at `url`, which need not exist yet.
    package init(url: URL, provenance: Provenance? = nil) { (self.url, self.provenance) = (url, provenance) }

    /// Writes the tensors; no file where there are none.
    package func write(_ tensors: [NamedTensor]) throws {
        guard !tensors.isEmpty else { return }
        var slots: [Slot] = []
        var values: [Float] = []
        for tensor in tensors {
            slots.append(
                Slot(name: tensor.name, offset: values.count, shape: Array(tensor.value.shape), role: .weight))
            values += tensor.value.converted(to: .single).floats
        }
        var header = ZooHeader(layout: ParameterLayout(slots: slots))
        header.provenance = provenance
        try ZooWriter.write(Zoo(header: header, weights: values), to: url.path)
    }

    /// The tensors; none where there is no file. Throws `DataError` for one that holds anything else.
    package func read() throws -> [NamedTensor] {
        guard FileManager.default.fileExists(atPath: url.path) else { return [] }
        let zoo = try ZooReader(path: url.path).readAll()
        guard zoo.count == 1, zoo.layout.slots.allSatisfy({ $0.shape.count <= Shape.maximumRank }) else {
            throw DataError(
                .malformed, path: url.path, expected: "named tensors in one row",
                found: "\(zoo.count) rows of \(zoo.layout.slots.count) tensors")
        }
        let row = Array(zoo.row(0))
        return zoo.layout.slots.map { slot in
            NamedTensor(slot.name, Tensor(Array(row[slot.range]), shape: Shape(slot.shape)))
        }
    }
}
