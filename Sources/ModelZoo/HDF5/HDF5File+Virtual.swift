import Basics
import CHDF5

extension HDF5File {
    /// Rows of a virtual dataset that lie in the dataset of the same name of another file.
    struct VirtualRows {
        /// The file, from the folder of this one.
        let file: String
        /// How many rows it has.
        let count: Int
    }

    /// Creates a dataset whose rows are those of other files, one after the other; who reads it where a file is not there
    /// gets `fill`. Throws `.inputOutput`.
    ///
    /// HDF5 1.10 and later read it. We do not (`HDF5DatasetDescription`): it may lead anywhere, and a missing file goes
    /// unnoticed.
    func createVirtual<Element: HDF5Element>(
        _ name: String, row: [Int], of parts: [VirtualRows], fill: Element
    ) throws {
        let place = self.place(name)
        let creation = try HDF5Handle.properties(ch5_dataset_create(), at: place)
        let shape = ([parts.reduce(0) { $0 + $1.count }] + row).map { hsize_t($0) }
        let space = try HDF5Handle(.space, .inputOutput, at: place, expected: "an extent") {
            H5Screate_simple(Int32(shape.count), shape, nil)
        }
        try HDF5Library.locked {
            let expected = "a virtual dataset"
            var fill = fill
            H5Pset_obj_track_times(creation.id, false)
            try HDF5Library.check(
                H5Pset_fill_value(creation.id, Element.memoryType, &fill), .inputOutput, at: place, expected)
            var start = [hsize_t](repeating: 0, count: shape.count)
            for part in parts {
                let extents = [hsize_t(part.count)] + shape.dropFirst()
                let source = try HDF5Handle(.space, .inputOutput, at: place, expected: expected) {
                    H5Screate_simple(Int32(extents.count), extents, nil)
                }
                try HDF5Library.check(
                    H5Sselect_hyperslab(space.id, H5S_SELECT_SET, start, nil, extents, nil), .inputOutput, at: place,
                    expected)
                // A percent sign begins a pattern.
                try HDF5Library.check(
                    H5Pset_virtual(creation.id, space.id, part.file.replacing("%", with: "%%"), name, source.id),
                    .inputOutput, at: place, expected)
                start[0] += hsize_t(part.count)
            }
            try HDF5Library.check(H5Sselect_all(space.id), .inputOutput, at: place, expected)
        }
        let dataset = try HDF5Handle(.dataset, .inputOutput, at: place, expected: "a virtual dataset") {
            H5Dcreate2(handle.id, name, Element.fileType, space.id, ch5_default(), creation.id, ch5_default())
        }
        try dataset.close(at: place)
    }
}
