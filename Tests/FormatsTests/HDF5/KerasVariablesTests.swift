import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Formats
@testable import ModelZoo

@Suite("Keras files: what is found in them")
struct KerasVariablesTests {
    /// A file with groups (parents first) and small datasets by path and rank.
    private func file<Result>(
        _ groups: [String], _ datasets: [(String, Int)], _ body: (borrowing HDF5File) throws -> Result
    ) throws -> Result {
        try withFolder { (folder: String) throws in
            let file = try HDF5File.create("\(folder)/k.h5")
            for group in groups { try file.createGroup(group) }
            for (path, rank) in datasets {
                let shape = [Int](repeating: 2, count: rank)
                let values = [Float](repeating: 1, count: shape.reduce(1, *))
                try file.write(values, shape: shape, as: path)
            }
            try file.close()
            return try body(try HDF5File.open("\(folder)/k.h5"))
        }
    }

    @Test("Keras 3: layers in natural order, nested models, roles by number and rank")
    func version3() throws {
        let groups = [
            "/layers", "/layers/dense_10", "/layers/dense_10/vars", "/layers/dense_2", "/layers/dense_2/vars",
            "/layers/model", "/layers/model/vars", "/layers/model/layers", "/layers/model/layers/norm",
            "/layers/model/layers/norm/vars", "/layers/embedding", "/layers/embedding/vars", "/vars",
        ]
        let norm = (0..<4).map { ("/layers/model/layers/norm/vars/\($0)", 1) }
        let datasets = [
            ("/layers/dense_10/vars/0", 2), ("/layers/dense_10/vars/1", 1), ("/layers/dense_2/vars/0", 4),
            ("/layers/embedding/vars/0", 2),
        ]
        try file(groups, datasets + norm) { (file: borrowing HDF5File) throws in
            #expect(try KerasVariables.isKeras(file))
            #expect(
                try KerasVariables.list(file).map(\.name) == [
                    "dense_2/kernel", "dense_10/kernel", "dense_10/bias", "embedding/embeddings", "model/norm/gamma",
                    "model/norm/beta", "model/norm/moving_mean", "model/norm/moving_variance",
                ])
        }
    }

    @Test(
        "variables of a kind that is not known are refused", arguments: [[1, 1, 1], [2, 2], [1], [6, 1], [2, 1, 1]])
    func unknown(ranks: [Int]) throws {
        let datasets = ranks.enumerated().map { ("/layers/x/vars/\($0)", $1) }
        try file(["/layers", "/layers/x", "/layers/x/vars"], datasets) { (file: borrowing HDF5File) throws in
            let error = dataError { _ = try KerasVariables.list(file) }
            #expect(error?.kind == .malformed && error?.path.hasSuffix("/layers/x/vars") == true)
        }
    }

    @Test("kernels without elements whose other extents are absurd are refused, and flat matrices of empty rows")
    func emptyKernels() throws {
        try withFolder { (folder: String) throws in
            let file = try HDF5File.create("\(folder)/k.h5")
            for group in ["/layers", "/layers/d", "/layers/d/vars"] { try file.createGroup(group) }
            try file.createDataset("/layers/d/vars/0", shape: [0, 1 << 31, 1 << 31], of: Float.self).close()
            try file.close()
            #expect(dataError { _ = try ZooSources().open("\(folder)/k.h5").all() }?.kind == .malformed)
            let flat = try HDF5File.create("\(folder)/f.h5")
            try flat.createDataset("/dataset", shape: [1 << 39, 0], of: Float.self).close()
            try flat.close()
            let error = dataError { _ = try ZooSources().open("\(folder)/f.h5").all() }
            #expect(error?.found == "rows of 0 numbers")
        }
    }

    @Test("absurd nesting and files without variables are refused")
    func nesting() throws {
        var groups = ["/layers"]
        for _ in 0..<20 { groups.append("\(groups[groups.count - 1])/a") }
        try file(groups, []) { (file: borrowing HDF5File) throws in
            #expect(dataError { _ = try KerasVariables.list(file) }?.expected.contains("nested") == true)
        }
        try file(["/layers", "/layers/a", "/layers/a/vars"], []) { (file: borrowing HDF5File) throws in
            #expect(dataError { _ = try KerasVariables.list(file) }?.found == "none")
        }
    }

    @Test("names that continue in a second attribute, layers that are not there, state of random generators")
    func attributes() throws {
        try withFolder { (folder: String) throws in
            let path = "\(folder)/k.h5"
            let file = try HDF5File.create(path)
            // Attributes of the root alone can be written here: one name each, split over two.
            try file.write(text: "a", attribute: "layer_names0")
            try file.write(text: "b", attribute: "layer_names1")
            try file.createGroup("/a")
            try file.close()
            let read = try HDF5File.open(path)
            #expect(try KerasVariables.isKeras(read))
            #expect(dataError { _ = try KerasVariables.list(read) }?.expected == "a group /b")
        }
    }
}
