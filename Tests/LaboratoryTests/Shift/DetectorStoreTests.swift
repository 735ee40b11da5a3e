import Basics
import Foundation
import ShiftDetection
import Tensors
import TestSupport
import Testing

@testable import Laboratory

@Suite("Detectors on disk, and fits that are under way")
struct DetectorStoreTests {
    private func fitted(_ scratch: ScratchFolder) throws -> DetectorStore {
        try scratch.put("p.csv", LabelledTable.csv(30, seed: 1))
        var work = ShiftFitOperation(reference: scratch.file("p.csv").path, out: scratch.file("d"))
        (work.predictions, work.cases, work.settings.label, work.settings.subsets) = (
            ["p"], 0, "label", 19
        )
        _ = try work.execute(SilentProgress())
        return DetectorStore(folder: scratch.file("d"))
    }

    @Test("What is written is read again, and says the same of a sample")
    func roundTrip() throws {
        let scratch = try ScratchFolder()
        let store = try fitted(scratch)
        let detector = try store.read()
        let copy = DetectorStore(folder: scratch.file("copy"))
        #expect(!copy.isThere)
        try copy.write(detector)
        #expect(try copy.isThere && copy.read().description == detector.description)
        let twin = DetectorStore(folder: scratch.file("twin"))
        try twin.write(detector)
        #expect(try copy.identity() == twin.identity() && copy.identity() != store.identity(), "it was not fitted here")
        try POSIXFile.remove(twin.folder.path)
        let bytes = Array(LabelledTable.csv(12, seed: 2).utf8)
        let (rows, _) = try detector.read(sample: bytes, path: "q.csv")
        let (again, _) = try copy.read().read(sample: bytes, path: "q.csv")
        #expect(try copy.read().test(again, path: "q.csv") == detector.test(rows, path: "q.csv"))
        // Writing again replaces the whole, and leaves nothing beside it.
        try copy.write(detector)
        #expect(scratch.names == ["copy", "d", "p.csv"])
    }

    @Test(
        "A folder that is no sound detector is told apart: none, not one, another version, damaged, incomplete"
    )
    func refusals() throws {
        let scratch = try ScratchFolder()
        let store = try fitted(scratch)
        func refusal(_ store: DetectorStore) throws -> DataError {
            try requireDataError { _ = try store.read() }
        }
        let none = try refusal(DetectorStore(folder: scratch.file("none")))
        #expect(none.kind == .missing && none.found == "there is no such folder")
        try scratch.put("other/notes.txt", "")
        #expect(try refusal(DetectorStore(folder: scratch.file("other"))).found == "is not a detector")
        #expect(try refusal(DetectorStore(folder: scratch.file("p.csv"))).found == "is not a detector")
        let (text, name) = (try scratch.text("d/detector.json"), try store.identity())
        for (damaged, words) in [
            ("{}", "the checksum is another"), ("{\"version\": 1}", "is a detector of version 1, and this"),
            ("{\"version\": 2}", "the checksum is another"), (String(text.prefix(text.count / 2)), "is damaged"),
            ("", "is damaged"), (text + "\n", "the checksum is another"),
            (text.replacing("\"alpha\": 0.05", with: "\"alpha\": 0.15"), "the checksum is another"),
        ] {
            try scratch.put("d/detector.json", damaged)
            let error = try refusal(store)
            #expect(error.kind == .malformed && error.found.contains(words), "\(error)")
            #expect(try store.identity() != name)
        }
        try scratch.put("d/detector.json", text)
        #expect(try store.identity() == name)
        // One bit anywhere in the tensors, though every number may still be one.
        let sound = try Data(contentsOf: scratch.file("d/tensors.h5"))
        for place in [0, sound.count / 3, sound.count / 2, sound.count - 1] {
            var bytes = sound
            bytes[place] ^= 1
            try bytes.write(to: scratch.file("d/tensors.h5"))
            #expect(try refusal(store).found.contains("the checksum is another"), "byte \(place)")
        }
        try FileManager.default.removeItem(at: scratch.file("d/tensors.h5"))
        let incomplete = try refusal(store)
        #expect(incomplete.kind == .malformed && incomplete.found.contains("it has no tensors.h5"))
    }

    @Test("Only a detector is replaced, and only where a person says so")
    func place() throws {
        let scratch = try ScratchFolder()
        let store = try fitted(scratch)
        try OutputFile.checkDetector(store.folder, replacing: true)
        try OutputFile.checkDetector(scratch.file("new"))
        for replacing in [false, true] {
            for name in ["p.csv", ""] {
                let url = name.isEmpty ? scratch.url : scratch.file(name)
                let error = try requireDataError { try OutputFile.checkDetector(url, replacing: replacing) }
                #expect(
                    error.kind == .configuration && error.found == "is there already, and is not a detector")
            }
        }
        let there = try requireDataError { try OutputFile.checkDetector(store.folder) }
        #expect(there.found == "is there already" && there.hint.contains("--force"))
        let nowhere = try requireDataError { try OutputFile.checkDetector(scratch.file("no/such/d")) }
        #expect(nowhere.kind == .inputOutput && nowhere.found.contains("there is no folder"))
    }

    @Test("Progress belongs to one fit: other settings or another number of cases take over nothing")
    func progress() throws {
        let scratch = try ScratchFolder()
        let detector = try fitted(scratch).read()
        let out = scratch.file("e")
        #expect(FitProgress.folder(for: out).lastPathComponent == "e.progress")
        let progress = try FitProgress(for: out, detector, cases: 4, resume: false)
        var measured = ShiftDetector.Calibration()
        measured.power = try detector.power(sizes: [10, 20], cases: 1, path: "P").rows
        try progress.save(10, measured)
        var restored = ShiftDetector.Calibration()
        #expect(
            progress.restore(10, in: &restored) && restored.power == measured.power.filter { $0.rows == 10 }
                && !restored.power.isEmpty)
        #expect(!progress.restore(20, in: &restored))
        var other = ShiftDetector.Calibration()
        #expect(try !FitProgress(for: out, detector, cases: 5, resume: true).restore(10, in: &other))
        try scratch.put("e.progress/size-20.json", "{\"identity\":")
        #expect(!progress.restore(20, in: &other) && other.power.isEmpty)
        progress.remove(onlyEmpty: true)
        #expect(scratch.names.contains("e.progress"))
        progress.remove()
        #expect(!scratch.names.contains("e.progress"))
    }

    @Test("The hash is the one that everybody calls FNV-1a")
    func hash() {
        for (text, name) in [
            ("", "cbf29ce484222325"), ("a", "af63dc4c8601ec8c"), ("foobar", "85944171f73967e8"),
        ] {
            var (whole, parts) = (FowlerNollVo(), FowlerNollVo())
            whole.add(text.utf8)
            for byte in text.utf8 { parts.add([byte]) }
            #expect(whole.text == name && parts.text == name)
        }
    }
}
