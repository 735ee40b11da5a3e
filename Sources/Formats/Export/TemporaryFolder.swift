import ModelZoo
import Basics
import Foundation

/// A folder that is filled under another name beside its own and appears under its own only when complete.
final class TemporaryFolder {
    /// The name the folder shall have.
    let path: String
    /// The name it is filled under.
    let temporaryPath: String
    private let names: TemporaryFile
    private var isCommitted = false

    /// Makes the folder; throws `.inputOutput` where it cannot be made, or where something stands under its name.
    init(for path: String) throws {
        var path = path
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        self.path = path
        names = TemporaryFile(for: path)
        temporaryPath = names.temporaryPath
        if FileManager.default.fileExists(atPath: path) {
            let content = try? FileManager.default.contentsOfDirectory(atPath: path)
            guard content?.isEmpty == true else {
                throw DataError(
                    .inputOutput, path: path, expected: "a new folder, or an empty one",
                    found: content.map { "a folder of \($0.count) files" } ?? "a file",
                    hint: "choose another --out, or remove it")
            }
        }
        do {
            try FileManager.default.createDirectory(atPath: temporaryPath, withIntermediateDirectories: false)
        } catch {
            throw DataError(
                .inputOutput, path: path, expected: "a folder that can be made", found: error.localizedDescription)
        }
    }

    deinit { if !isCommitted { try? FileManager.default.removeItem(atPath: temporaryPath) } }

    /// Gives the folder its name; throws `.inputOutput`, also where it has been filled by another in the meantime.
    func commit() throws {
        try names.commit()
        isCommitted = true
    }
}
