import Basics
import Foundation
import Networks
import Tensors
import Testing
import ZooTestSupport

@testable import ModelZoo

@Suite("Files of named tensors")
struct TensorFileTests {
    private func file(_ folder: String) -> TensorFile { TensorFile(url: URL(fileURLWithPath: "\(folder)/t.h5")) }

    @Test("Names, shapes and numbers come back in their order, double precision in single")
    func roundTrip() throws {
        try withFolder { (folder: String) throws in
            let tensors = [
                NamedTensor("z", Tensor([1, -2, .leastNonzeroMagnitude] as [Float], shape: [3, 1])),
                NamedTensor("a", Tensor([0.1] as [Double], shape: [])),
                NamedTensor("é/x.y", .full([2, 2, 2], 7)),
            ]
            try file(folder).write(tensors)
            let read = try file(folder).read()
            #expect(read.map(\.name) == ["z", "a", "é/x.y"])
            #expect(read.map(\.value.shape) == tensors.map(\.value.shape))
            #expect(
                read.map(\.value.floats) == [[1, -2, .leastNonzeroMagnitude], [0.1], Array(repeating: 7, count: 8)])
        }
    }

    @Test("No tensors are no file, and no file is no tensors")
    func nothing() throws {
        try withFolder { (folder: String) throws in
            try file(folder).write([])
            #expect(!FileManager.default.fileExists(atPath: file(folder).url.path))
            #expect(try file(folder).read().isEmpty)
        }
    }

    @Test("A file is a zoo of one network, and equal tensors are equal bytes")
    func format() throws {
        try withFolder { (folder: String) throws in
            let tensors = [NamedTensor("w", Tensor([1, 2] as [Float], shape: [2]))]
            try file(folder).write(tensors)
            let first = try bytes(file(folder).url.path)
            try file(folder).write(tensors)
            #expect(try bytes(file(folder).url.path) == first)
            let reader = try ZooReader(path: file(folder).url.path)
            #expect(reader.count == 1 && reader.hasChecksums && reader.header.layout.slots.map(\.name) == ["w"])
        }
    }

    @Test("A zoo of several networks is no file of tensors")
    func others() throws {
        try withFolder { (folder: String) throws in
            try ZooWriter.write(fullZoo(), to: file(folder).url.path)
            let error = dataError { _ = try file(folder).read() }
            #expect(error?.kind == .malformed && error?.expected == "named tensors in one row")
            #expect(error?.found == "5 rows of 2 tensors" && error?.path == file(folder).url.path)
        }
    }

    @Test("Numbers that are not finite are refused by name")
    func finite() throws {
        try withFolder { (folder: String) throws in
            let tensors = [
                NamedTensor("good", .zeros([2])), NamedTensor("bad", Tensor([1, .nan] as [Float], shape: [2])),
            ]
            let error = dataError { try file(folder).write(tensors) }
            #expect(error?.kind == .malformed && error?.found.contains("nan in network 0, slot bad") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
        }
    }
}
