import Foundation
import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Recognising formats by content")
struct FormatDetectionTests {
    private func archive(_ names: [String], at path: String) throws {
        var writer = try ZipWriter(path: path)
        for name in names { try writer.add(name, []) }
        try writer.finish()
    }

    private static let safetensors = DatasetBytes.little(UInt64(2)) + Array("{}".utf8)
    private static let npy = NPYWriter.header("<f4", shape: [0, 1])

    @Test("Every format has one line of the table, and is called by its own name")
    func table() {
        #expect(FormatEntry.all.count == ZooFormat.allCases.count)
        for format in ZooFormat.allCases { #expect(FormatEntry.of(format).format == format) }
        #expect(Set(FormatEntry.all.map(\.format)) == Set(ZooFormat.allCases))
        #expect(FormatEntry.all.filter(\.takesArray).map(\.format) == [.npz, .zoo, .flatHDF5])
        #expect(ZooFormat(rawValue: "flat-hdf5") == .flatHDF5 && ZooFormat(rawValue: "ray-tune") == .rayTune)
    }

    @Test("Content decides, whatever the name says")
    func content() throws {
        try withFolder { (folder: String) throws in
            let files = DatasetFolder(path: folder)
            #expect(try ZooFormat.detect(files.write(Self.npy, to: "a.safetensors")) == .npy)
            #expect(try ZooFormat.detect(files.write(Self.safetensors, to: "b.npy")) == .safetensors)
            try archive(["x.npy", "y"], at: "\(folder)/c.pt")
            #expect(try ZooFormat.detect("\(folder)/c.pt") == .npz)
            try ZooWriter.write(fullZoo(), to: "\(folder)/d.npy")
            #expect(try ZooFormat.detect("\(folder)/d.npy") == .zoo)
        }
    }

    @Test("Folders are folders, unless weights.npy makes them a population")
    func folders() throws {
        try withFolder { (folder: String) throws in
            #expect(try ZooFormat.detect(folder) == .folder)
            try DatasetFolder(path: folder).write(Self.npy, to: "weights.npy")
            #expect(try ZooFormat.detect(folder) == .npy)
            for format in [ZooFormat.folder, .rayTune] {
                let place = FormatPlace(path: "\(folder)/weights.npy", array: nil) { _ in throw CancellationError() }
                let error = try requireDataError { _ = try FormatEntry.of(format).open(place) }
                #expect(error.expected == "a folder" && error.found == "a file")
            }
        }
    }

    @Test(
        "Files of nothing that is known say how large they are",
        arguments: [
            ([] as [UInt8], "an empty file"), ([1, 2, 3], "3 bytes of another kind"),
            (Array("PK".utf8), "2 bytes of another kind"),
            ([UInt8](repeating: 0, count: 20), "20 bytes of another kind"),
            ([0x93] + Array("NUMP".utf8), "5 bytes of another kind"),
        ])
    func unknown(bytes: [UInt8], found: String) throws {
        try withFolder { (folder: String) throws in
            let path = try DatasetFolder(path: folder).write(bytes, to: "x")
            let error = try requireDataError { _ = try ZooFormat.detect(path) }
            #expect(error.kind == .malformed && error.found == found && error.path == path)
        }
    }

    @Test("Other archives list what they hold; a .keras file says what to do")
    func archives() throws {
        try withFolder { (folder: String) throws in
            for (names, found, hint) in [
                (["a", "b"], "a, b", ""),
                (["config.json", "model.weights.h5"], "config.json, model.weights.h5", "unzip it"),
                ((0..<9).map { "f\($0)" }, "f0, f1, f2, f3, f4", ""),
            ] as [([String], String, String)] {
                try archive(names, at: "\(folder)/x.zip")
                let error = try requireDataError { _ = try ZooFormat.detect("\(folder)/x.zip") }
                #expect(error.found == found)
                #expect(hint.isEmpty ? error.hint.isEmpty : error.hint.contains(hint))
            }
            #expect(try requireDataError { _ = try ZooFormat.detect("\(folder)/none") }.kind == .missing)
        }
    }

    @Test("Files of networks are known by their endings, in letters of either kind")
    func endings() {
        for name in ["a.pt", "b.PTH", "c.safetensors", "d.npy", "e.npz", "f.h5", "g.HDF5", "h.ckpt", "i.bin", "j.pkl"] {
            #expect(ZooFormat.hasExtension("/x/\(name)"), "\(name)")
        }
        for name in ["pt", "a.txt", "a.pt.txt", "a.json", "README", ".pt.", "h5/a"] {
            #expect(!ZooFormat.hasExtension("/x/\(name)"), "\(name)")
        }
    }

    @Test("Of the files of a folder, those that bear networks' names must be networks")
    func folderContent() throws {
        try withFolder { (folder: String) throws in
            let files = DatasetFolder(path: folder)
            #expect(try ZooFormat.content(of: files.write("hello", to: "notes.txt")) == .unknown)
            #expect(try ZooFormat.content(of: files.write([], to: "empty.txt")) == .unknown)
            #expect(try ZooFormat.content(of: files.write("hello", to: "data.bin")) == .unknown)
            #expect(try ZooFormat.content(of: files.write(Self.npy, to: "a")) == .networks)
            #expect(try ZooFormat.content(of: files.write(Self.safetensors, to: "b.txt")) == .networks)
            #expect(try ZooFormat.content(of: "\(folder)/none.txt") == .unknown)
            for (name, bytes) in [("w.pt", Array("hello".utf8)), ("e.bin", []), ("c.npz", [0x50, 0x4B, 3, 4, 0])] {
                let path = try files.write(bytes, to: name)
                let error = try requireDataError { _ = try ZooFormat.content(of: path) }
                #expect(error.kind == .malformed && error.hint.contains("--pattern says which files"), "\(name)")
            }
            #expect(try requireDataError { _ = try ZooFormat.content(of: "\(folder)/none.pt") }.kind == .missing)
        }
    }
}
