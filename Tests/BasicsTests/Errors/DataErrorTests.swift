import Foundation
import Testing

@testable import Basics

@Suite("Messages of data errors")
struct DataErrorTests {
    @Test("Place, what is wrong, what to do, as a person would say it")
    func sentences() {
        let errors: [(DataError, String)] = [
            (
                DataError(.malformed, path: "z.h5", expected: "an HDF5 file", found: "an empty file"),
                "z.h5: expected an HDF5 file, found an empty file"
            ),
            (
                DataError(.malformed, path: "z.h5", expected: "an attribute `dataset`", found: "none", hint: "add it"),
                "z.h5: there is no attribute `dataset` (add it)"
            ),
            (
                DataError(.malformed, path: "z.h5", expected: "at least one network", found: "none"),
                "z.h5: there is no network"
            ),
            (
                DataError(.malformed, path: "z.csv", expected: "rows after the header", found: "none"),
                "z.csv: expected rows after the header, found none"
            ),
            (DataError(.busy, path: "run", problem: "interrupted", hint: "go on"), "run: interrupted (go on)"),
            (DataError(.inputOutput, path: "", problem: "the disk is full"), "the disk is full"),
            (
                DataError(.inputOutput, path: "out/.zoo.h5.123-4.partial", problem: "the disk is full"),
                "out/zoo.h5: the disk is full"
            ),
            (
                DataError(.malformed, path: "tensor a", problem: "is damaged").about("x.pt"),
                "x.pt: tensor a: is damaged"
            ),
        ]
        for (error, text) in errors { #expect(error.description == text) }
    }

    @Test("What the system reports is worded, whoever reported it")
    func system() {
        #expect(SystemProblem(ENOSPC).reason == "the disk is full" && !SystemProblem(ENOSPC).hint.isEmpty)
        #expect(SystemProblem(EFBIG).hint.contains("ulimit -f"))
        #expect(SystemProblem(EDOM).reason == String(cString: strerror(EDOM)).lowercased())
        let raw = NSError(
            domain: NSCocoaErrorDomain, code: 640,
            userInfo: [NSUnderlyingErrorKey: NSError(domain: NSPOSIXErrorDomain, code: Int(ENOSPC))])
        #expect(DataError.system(raw, at: "a/b").description.hasPrefix("a/b: the disk is full ("))
        for error in [CocoaError(.fileWriteOutOfSpace), POSIXError(.ENOSPC)] as [any Error] {
            #expect(SystemProblem(error)?.reason == "the disk is full")
        }
        #expect(SystemProblem(CancellationError()) == nil)
        let missing = Result { try FileManager.default.contentsOfDirectory(atPath: "/nowhere") }
        #expect(throws: DataError.system(CocoaError(.fileReadNoSuchFile), at: "x")) {
            _ = try missing.mapError { DataError.system($0, at: "x") }.get()
        }
    }

    @Test("Calls that fail name the path and say why")
    func calls() throws {
        func problem(_ work: () throws -> Void) -> String {
            do {
                try work()
                return "none"
            } catch {
                return "\(error)"
            }
        }
        #expect(problem { try POSIXFile.makeFolders("/proc/x/y") }.hasPrefix("/proc/x"))
        #expect(problem { try POSIXFile.makeFolders("/dev/null/x") }.contains("is a file, not a folder"))
        #expect(
            problem { try POSIXFile.remove("/nowhere/x") }
                == "/nowhere/x: cannot be removed: there is no such file or folder")
        #expect(problem { try POSIXFile.copy("/nowhere/x", to: "/tmp/y") }.hasPrefix("/nowhere/x: "))
        let full = problem { try POSIXFile.copy(#filePath, to: "/dev/full") }
        #expect(full.hasPrefix("/dev/full: cannot be written: the disk is full"))
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("made-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let deep = folder.appendingPathComponent("a/b").path
        for _ in 0..<2 { try POSIXFile.makeFolders(deep) }
        try POSIXFile.copy(#filePath, to: deep + "/copy")
        #expect(FileManager.default.contentsEqual(atPath: #filePath, andPath: deep + "/copy"))
    }

    @Test("What does not decode is told in words, without types of the language")
    func decoding() {
        struct Facts: Decodable {
            let count: Int
            let names: [String]
            let rate: Double?
        }
        func reason(_ json: String) -> String {
            do {
                _ = try JSONDecoder().decode(Facts.self, from: Data(json.utf8))
                return ""
            } catch {
                return DecodingError.reason(of: error)
            }
        }
        #expect(reason("{}") == "no key count")
        #expect(reason(#"{"count": "x"}"#) == "a value at count that is not a whole number")
        #expect(reason(#"{"count": 1, "names": 3}"#) == "a value at names that is not a list")
        #expect(reason(#"{"count": 1, "names": ["a", 4]}"#) == "a value at names[1] that is not a text")
        #expect(reason(#"{"count": 1, "names": [null]}"#) == "nothing at names[0], where a text is needed")
        #expect(reason(#"{"count": 1, "names": [], "rate": "a"}"#) == "a value at rate that is not a number")
        #expect(reason("[1").hasPrefix("text that"))
        #expect(reason("x").hasPrefix("text that is not JSON"))
        for json in ["", "{", "[1,", "{\"count\": }", "nul"] {
            let text = reason(json)
            #expect(
                !text.contains("The given data") && !text.contains("Error") && text.first?.isLowercase == true,
                "\(text)")
        }
    }
}
