import Foundation
import Networks
import Testing
import ZooTestSupport

@testable import Basics
@testable import ModelZoo

@Suite struct DatasetCatalogTests {
    /// A set of the MNIST family of any content, with 2x2 images.
    static let tiny = KnownDataset(
        name: "tiny", summary: "", licence: "", format: .idx, sampleShape: [2, 2], preparation: .unitBytes,
        folders: ["tiny", "Tiny/raw"], files: KnownDataset.idxFiles([nil, nil, nil, nil]), hint: "get it")

    /// The four files of `tiny`: three training images and two test images.
    private func write(
        to folder: DatasetFolder, below: String, labels: [UInt8] = [0, 2, 1], shape: [UInt32] = [3, 2, 2]
    ) throws {
        let images = (0..<12).map { UInt8($0) }
        try folder.write(DatasetBytes.idx(8, shape, images), to: "\(below)/train-images-idx3-ubyte")
        let packed = DatasetBytes.gzip(DatasetBytes.idx(8, [UInt32(labels.count)], labels))
        try folder.write(packed, to: "\(below)/train-labels-idx1-ubyte.gz")
        try folder.write(DatasetBytes.idx(8, [2, 2, 2], [UInt8](90..<98)), to: "\(below)/t10k-images-idx3-ubyte")
        try folder.write(DatasetBytes.idx(8, [2], [1, 1]), to: "\(below)/t10k-labels-idx1-ubyte")
    }

    private func catalog(_ folders: [String]) -> DatasetCatalog {
        DatasetCatalog(folders: folders, known: [Self.tiny])
    }

    @Test(arguments: ["tiny", "Tiny/raw"])
    func loadsFourFilesAsOneNumberingOfRows(below: String) throws {
        try DatasetFolder.with { folder in
            try write(to: folder, below: below)
            let loaded = try catalog([folder.path + "/none", folder.path]).load("tiny")
            #expect((loaded.count, loaded.officialTrainCount, loaded.classCount) == (5, 3, 3))
            #expect(loaded.labels == [0, 2, 1, 1, 1])
            #expect(loaded.sampleShape == [2, 2])
            #expect(loaded.rawInputs(rows: [2, 3]) == [8, 9, 10, 11, 90, 91, 92, 93])
            #expect(loaded.files.map(\.bytes) == [28, 11, 24, 10])
        }
    }

    @Test("A file that a zoo names is looked for at its path, beside the zoo and in the folders of data sets")
    func besideTheZoo() throws {
        try DatasetFolder.with { folder in
            try folder.write("1,2,a\n3,4,b\n", to: "zoos/own/t.csv")
            let plain = catalog(["\(folder.path)/none"])
            let error = dataError { _ = try plain.load("own/t.csv") }
            #expect(error?.kind == .missing && error?.path == "own/t.csv")
            let found = try plain.beside("\(folder.path)/zoos/z.h5").load("own/t.csv")
            #expect(found.name == "own/t.csv" && found.count == 2)
            #expect(try catalog(["\(folder.path)/zoos"]).load("own/t.csv").count == 2)
            let lost = dataError { _ = try plain.beside("\(folder.path)/z.h5").load("own/t.csv") }
            #expect(lost?.hint.contains("--dataset") == true)
        }
    }

    @Test("What is there and no data set is named for what it is")
    func otherThings() throws {
        try DatasetFolder.with { folder in
            try folder.write("x", to: "a.npz")
            let error = dataError { _ = try catalog([folder.path]).load("\(folder.path)/a.npz") }
            #expect(error?.found == "a file of another kind" && error?.expected.contains("IDX") == true)
            #expect(dataError { _ = try catalog([]).load(folder.path) }?.found == "a folder")
        }
    }

    @Test func earlierFoldersWin() throws {
        try DatasetFolder.with { folder in
            try write(to: folder, below: "one/tiny", labels: [0, 1, 0])
            try write(to: folder, below: "two/tiny")
            let (one, two) = (folder.path + "/one", folder.path + "/two")
            #expect(try catalog([one, two]).load("tiny").labels.prefix(3) == [0, 1, 0])
            #expect(try catalog([two, one]).load("tiny").labels.prefix(3) == [0, 2, 1])
            // An incomplete set is passed by.
            try FileManager.default.removeItem(atPath: one + "/tiny/t10k-images-idx3-ubyte")
            #expect(try catalog([one, two]).load("tiny").labels.prefix(3) == [0, 2, 1])
        }
    }

    @Test func aMissingSetNamesAllFoldersAndWhatToDo() throws {
        let missing = #expect(throws: DataError.self) {
            try DatasetCatalog(folders: ["/nowhere/a", "/nowhere/b"]).load("mnist")
        }
        #expect(missing?.kind == .missing)
        for place in ["/nowhere/a/mnist", "/nowhere/a/MNIST/raw", "/nowhere/b/mnist", "/nowhere/b/MNIST/raw"] {
            #expect(missing?.expected.contains(place) == true)
        }
        #expect(missing?.hint == "Scripts/fetch-data mnist")
        try DatasetFolder.with { folder in
            try write(to: folder, below: "tiny")
            try FileManager.default.removeItem(atPath: folder.path + "/tiny/t10k-labels-idx1-ubyte")
            let partial = #expect(throws: DataError.self) { try catalog([folder.path]).load("tiny") }
            #expect(partial?.kind == .missing)
            #expect(partial?.found == "no t10k-labels-idx1-ubyte")
        }
    }

    @Test func filesThatDisagreeAreRefused() throws {
        for (labels, shape) in [([0, 1], [3, 2, 2]), ([0, 1, 2], [3, 4]), ([0, 1, 2], [2, 3, 2])]
            as [([UInt8], [UInt32])]
        {
            try DatasetFolder.with { folder in
                try write(to: folder, below: "tiny", labels: labels, shape: shape)
                let found = #expect(throws: DataError.self) { try catalog([folder.path]).load("tiny") }
                #expect(found?.kind == .malformed)
            }
        }
    }

    @Test func contentThatIsNotWhatTheNamePromisesIsRefused() throws {
        try DatasetFolder.with { folder in
            try folder.write("1,2,0\n", to: "digits/digits.csv")
            let catalog = DatasetCatalog(folders: [folder.path])
            let found = #expect(throws: DataError.self) { try catalog.load("digits") }
            #expect(found?.kind == .malformed)
            let entry = catalog.listing().first { $0.name == "digits" }
            #expect(entry?.state == .damaged)
            #expect(entry?.problem?.contains("SHA-256") == true)
        }
    }

    @Test func aPathToACSVIsADataSet() throws {
        try DatasetFolder.with { folder in
            let bytes = Array("x,y,kind\n1,2,b\n3,4,a\n".utf8)
            let plain = try folder.write(bytes, to: "t.csv")
            for path in [plain, try folder.write(DatasetBytes.gzip(bytes), to: "t.csv.gz")] {
                let loaded = try DatasetCatalog(folders: []).load(path)
                #expect(loaded.name == path)
                #expect(loaded.classNames == ["a", "b"])
                #expect(loaded.rawInputs(rows: [1, 0]) == [3, 4, 1, 2])
                #expect(loaded.officialTrainCount == nil)
                #expect(loaded.sha256 == "993dd681e4409a62bb4c1e3f70717ba01f4951cac812463de8b2fa20baa2652a")
            }
            let absent = #expect(throws: DataError.self) {
                try DatasetCatalog(folders: []).load("\(folder.path)/no.csv")
            }
            #expect(absent?.kind == .missing)
        }
        let unknown = #expect(throws: DataError.self) { try DatasetCatalog(folders: []).load("cifar") }
        #expect(unknown?.kind == .missing)
        #expect(unknown?.expected.contains("digits, fashion-mnist, iris, mnist, uci-heart") == true)
    }

    @Test func theListingTellsEveryState() throws {
        try DatasetFolder.with { folder in
            #expect(catalog([folder.path]).listing().map(\.state) == [.absent])
            try write(to: folder, below: "tiny")
            let found = catalog([folder.path]).listing()[0]
            #expect((found.state, found.folder, found.files.count) == (.verified, "\(folder.path)/tiny", 4))
            #expect(found.hint == nil)
            #expect(found.searched == ["\(folder.path)/tiny", "\(folder.path)/Tiny/raw"])
            #expect(catalog([folder.path]).listing(verifying: false)[0].state == .unchecked)
            try FileManager.default.removeItem(atPath: folder.path + "/tiny/t10k-labels-idx1-ubyte")
            let partial = catalog([folder.path]).listing()[0]
            #expect((partial.state, partial.hint) == (.incomplete, "get it"))
            #expect(partial.problem == "no t10k-labels-idx1-ubyte")
        }
    }

    @Test func theListingIsWrittenAndReadAsJSON() throws {
        let listing = DatasetCatalog(folders: ["/nowhere"]).listing()
        let names = [
            "digits", "fashion-mnist", "iris", "mnist", "uci-heart", "uci-heart-shifted", "uci-heart-cleveland",
            "uci-heart-hungarian", "uci-heart-switzerland", "uci-heart-va",
        ]
        #expect(listing.map(\.name) == names)
        #expect(listing.allSatisfy { $0.state == .absent && !$0.licence.isEmpty && $0.hint != nil })
        let text = try JSONEncoder().encode(listing)
        #expect(try JSONDecoder().decode([DatasetListing].self, from: text) == listing)
    }

    @Test func theDigestOfSeveralFilesIsThatOfTheirSums() throws {
        try DatasetFolder.with { folder in
            try write(to: folder, below: "tiny")
            let loaded = try catalog([folder.path]).load("tiny")
            let lines = zip(loaded.files, Self.tiny.files).map { "\($0.sha256)  \($1.name)\n" }.joined()
            let digest = Array(lines.utf8).withUnsafeBytes { SHA256.digest(of: $0) }
            #expect(SHA256.hex(digest) == loaded.sha256)
            #expect(Set(loaded.files.map(\.sha256)).count == 4)
        }
    }

    @Test(
        "The four files go by their mirrors' names, in folders of their own names too",
        arguments: [
            ("train-images.idx3-ubyte", "test-labels-idx1-ubyte"),
            ("train-images.idx3-ubyte.gz", "t10k-labels.idx1-ubyte"),
            ("train-images-idx3-ubyte/train-images-idx3-ubyte", "t10k-labels.idx1-ubyte/t10k-labels.idx1-ubyte"),
            ("train_images_idx3_ubyte", "t10k-labels-idx1-ubyte.idx"),
        ])
    func otherNames(images: String, labels: String) throws {
        try DatasetFolder.with { folder in
            try write(to: folder, below: "made")
            let (made, tiny) = (
                URL(fileURLWithPath: folder.path + "/made"), URL(fileURLWithPath: folder.path + "/tiny")
            )
            func put(_ name: String, as other: String) throws {
                let target = tiny.appendingPathComponent(other)
                try FileManager.default.createDirectory(
                    at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
                let bytes = [UInt8](try Data(contentsOf: made.appendingPathComponent(name)))
                try Data(other.hasSuffix(".gz") ? DatasetBytes.gzip(bytes) : bytes).write(to: target)
            }
            try put("train-images-idx3-ubyte", as: images)
            try FileManager.default.copyItem(
                at: made.appendingPathComponent("train-labels-idx1-ubyte.gz"),
                to: tiny.appendingPathComponent("train-labels.idx1-ubyte.gz"))
            try put("t10k-images-idx3-ubyte", as: "t10k-images.idx3-ubyte")
            try put("t10k-labels-idx1-ubyte", as: labels)
            #expect(try catalog([folder.path]).load("tiny").labels == [0, 2, 1, 1, 1])
        }
    }

    @Test func imagesByTheirPathBringTheLabelsBesideThem() throws {
        try DatasetFolder.with { folder in
            try write(to: folder, below: "raw")
            let loaded = try DatasetCatalog(folders: []).load("\(folder.path)/raw/train-images-idx3-ubyte")
            #expect(loaded.labels == [0, 2, 1] && loaded.sampleShape == [2, 2] && loaded.officialTrainCount == nil)
            #expect(loaded.usualPreparation == .unitBytes && loaded.rawInputs(rows: [1]) == [4, 5, 6, 7])
            try FileManager.default.removeItem(atPath: "\(folder.path)/raw/t10k-labels-idx1-ubyte")
            let error = #expect(throws: DataError.self) {
                try DatasetCatalog(folders: []).load("\(folder.path)/raw/t10k-images-idx3-ubyte")
            }
            #expect(error?.kind == .missing && error?.expected.contains("t10k-labels-idx1-ubyte") == true)
        }
    }

    @Test(arguments: [("mnits", "mnist"), ("MNIST", "mnist"), ("FashionMNIST", "fashion-mnist"), ("Digits", "digits")])
    func aMisspeltNameIsAnsweredWithTheNearest(name: String, meant: String) {
        let error = #expect(throws: DataError.self) { try DatasetCatalog(folders: []).load(name) }
        #expect(error?.hint == "did you mean \(meant)?")
    }

    @Test func aCholesterolOfZeroIsMissing() throws {
        let catalog = DatasetCatalog(folders: [DatasetBytes.checkout + "/Datasets"])
        let shifted = try catalog.load("uci-heart-shifted")
        let values = shifted.rawInputs(rows: Array(0..<shifted.count))
        let cholesterol = stride(from: 4, to: values.count, by: 9).map { values[$0] }
        #expect(cholesterol.count { $0.isNaN } == 123 + 49 + 7 && !cholesterol.contains(0))
        let heart = try catalog.load("uci-heart")
        let missing = heart.rawInputs(rows: Array(0..<heart.count)).count { $0.isNaN }
        #expect(missing == 35, "the training hospitals wrote no zeros")
    }
}
