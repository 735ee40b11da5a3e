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

    /// Lengths whose bytes are how other formats begin: pickles of protocol 2 to 5, gzip, JSON, text, and all the rest.
    @Test("A safetensors file is one whatever the length of its header begins like")
    func headerLengths() throws {
        let low = [0x80, 0x1F, 0x7B, 0x28, 0x50, 0x89, 0x93, 0x42, 0x47]
        let lengths = low.flatMap { byte in (1...9).map { $0 << 8 | byte } } + [0x1_0280, 0x10_0380, 0x8B1F, 640, 1408]
        try withFolder { (folder: String) throws in
            for length in lengths where length > 64 {
                let entry = "{\"w\":{\"dtype\":\"F32\",\"shape\":[1],\"data_offsets\":[0,4]}}"
                let header = entry + String(repeating: " ", count: length - entry.utf8.count)
                let bytes = DatasetBytes.little(UInt64(length)) + Array(header.utf8) + [0, 0, 0x80, 0x3F]
                let path = try DatasetFolder(path: folder).write(bytes, to: "w.safetensors")
                #expect(try ZooFormat.detect(path) == .safetensors, "\(length)")
                #expect(try ZooFormat.content(of: path) == .networks, "\(length)")
                #expect(try ZooSources().open(folder).all().map { $0.tensors[0].values.floats() } == [[1]], "\(length)")
            }
        }
    }

    @Test(
        "What is known not to be read is named, with what to do",
        arguments: [
            (Array("GGUF".utf8) + [3, 0, 0, 0], "GGUF", "safetensors"), ([0x1F, 0x8B, 8, 0], "gzip", "unpack"),
            (Array("version https://git-lfs.github.com/spec/v1\n".utf8), "Git LFS", "git lfs pull"),
            (Array("<!DOCTYPE html>".utf8), "page of the web", "server"),
            ([28, 0, 0, 0] + Array("TFL3".utf8), "TensorFlow Lite", "Keras"),
        ] as [([UInt8], String, String)])
    func unread(bytes: [UInt8], found: String, hint: String) throws {
        try withFolder { (folder: String) throws in
            let path = try DatasetFolder(path: folder).write(bytes, to: "x.bin")
            let error = try requireDataError { _ = try ZooFormat.detect(path) }
            #expect(error.kind == .malformed && error.found.contains(found) && error.hint.contains(hint), "\(error)")
            #expect(try requireDataError { _ = try ZooFormat.content(of: path) }.found == error.found)
        }
    }

    @Test("Two bytes of a pickle before something else are no checkpoint")
    func twoBytes() throws {
        try withFolder { (folder: String) throws in
            let path = try DatasetFolder(path: folder).write([0x80, 2, 0, 0, 1, 7], to: "numbers.dat")
            #expect(try ZooFormat.content(of: path) == .unknown)
            #expect(try requireDataError { _ = try ZooFormat.detect(path) }.found == "6 bytes of another kind")
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

    @Test("Other archives list what they hold; those of networks say what to do")
    func archives() throws {
        try withFolder { (folder: String) throws in
            for (names, found, hint) in [
                (["a", "b"], "a, b", ""),
                (["a.txt", "b.pt"], "a.txt, b.pt", "unzip it"),
                ((0..<9).map { "f\($0)" }, "f0, f1, f2, f3, f4 and 4 more", ""),
            ] as [([String], String, String)] {
                try archive(names, at: "\(folder)/x.zip")
                let error = try requireDataError { _ = try ZooFormat.detect("\(folder)/x.zip") }
                #expect(error.found == found)
                #expect(error.hint.hasPrefix(hint) && error.hint.isEmpty == hint.isEmpty)
            }
            try archive(["config.json", "model.weights.h5"], at: "\(folder)/x.zip")
            #expect(try ZooFormat.detect("\(folder)/x.zip") == .keras)
            #expect(try requireDataError { _ = try ZooFormat.detect("\(folder)/none") }.kind == .missing)
        }
    }

    @Test("Files of networks are known by their endings, in letters of either kind")
    func endings() {
        for name in [
            "a.pt", "b.PTH", "c.safetensors", "d.npy", "e.npz", "f.h5", "g.HDF5", "h.ckpt", "i.bin", "j.pkl", "k.keras",
        ] {
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
