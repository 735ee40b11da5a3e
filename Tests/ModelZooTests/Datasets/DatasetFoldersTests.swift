import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite struct DatasetFoldersTests {
    @Test func foldersAreSearchedInOrder() throws {
        try DatasetFolder.with { folder in
            try folder.write("", to: "checkout/Datasets/x")
            try folder.write("", to: "checkout/below/file")
            try folder.write("", to: "asked/x")
            let root = URL(fileURLWithPath: folder.path).standardizedFileURL.path
            let catalog = try DatasetCatalog(
                explicit: root + "/asked", variable: root + "/variable", currentDirectory: root + "/checkout/below")
            let expected = ["asked", "variable", "checkout/data", "checkout/Datasets"].map { "\(root)/\($0)" }
            #expect(Array(catalog.folders.prefix(4)) == expected)
        }
    }

    @Test func aFolderNamedTwiceIsSearchedOnce() throws {
        try DatasetFolder.with { folder in
            try folder.write("", to: "data/x")
            let catalog = try DatasetCatalog(
                explicit: folder.path + "/data/", variable: "", currentDirectory: folder.path)
            #expect(catalog.folders.count { $0.hasSuffix("/data") && $0.hasPrefix(folder.path) } == 1)
            #expect(Set(catalog.folders).count == catalog.folders.count)
        }
    }

    @Test func aFolderAskedForMustExist() throws {
        let missing = #expect(throws: DataError.self) {
            try DatasetCatalog(explicit: "/nowhere/data", variable: nil, currentDirectory: "/")
        }
        #expect(missing?.kind == .missing)
        #expect(missing?.path == "/nowhere/data")
    }
}
