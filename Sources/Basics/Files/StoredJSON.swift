import Foundation

/// Writes what a run keeps as JSON, and reads it back, which may have been damaged since.
package enum StoredJSON {
    /// The JSON of a value with sorted keys, in which numbers that are not finite are null.
    package static func data(of value: some Encodable) throws -> Data {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        encoder.nonConformingFloatEncodingStrategy = .convertToString(
            positiveInfinity: notFinite, negativeInfinity: notFinite, nan: notFinite)
        // Between quotation marks that are not escaped, as here, stands no other text than the whole of a string.
        let text = String(decoding: try encoder.encode(value), as: UTF8.self)
        return Data(text.replacing(#""\u0000not finite\u0000""#, with: "null").utf8)
    }

    /// Stands for a not-finite number on the way through the encoder; no text that a person writes.
    private static let notFinite = "\u{0}not finite\u{0}"

    /// The value in a file. Throws `DataError`: missing where there is none, malformed where it does not decode.
    package static func read<Value: Decodable>(
        _ type: Value.Type, _ url: URL, decoder: JSONDecoder = JSONDecoder(), expected: String
    ) throws -> Value {
        guard let data = try? Data(contentsOf: url) else {
            throw DataError(.missing, path: url.path, expected: expected, found: "no file that can be read")
        }
        do {
            return try decoder.decode(type, from: data)
        } catch {
            throw changed(url.path, "does not hold \(expected)")
        }
    }

    private struct Version: Decodable {
        let version: Int?
    }

    /// Whether JSON says that it is of another version, or none.
    package static func isOfOtherVersion(_ data: Data, than version: Int) -> Bool {
        guard let found = try? JSONDecoder().decode(Version.self, from: data) else { return false }
        return found.version != version
    }

    /// Throws `DataError.malformed` for a file that says that it is of another version; what says nothing is left to
    /// `read`.
    package static func refuseOtherVersions(_ url: URL, than version: Int, expected: String) throws {
        guard let data = try? Data(contentsOf: url), let found = try? JSONDecoder().decode(Version.self, from: data),
            let number = found.version, number != version
        else { return }
        throw otherVersion(
            url.path, "holds \(expected) in version \(number), and this weightspace reads version \(version)")
    }

    /// What a run keeps was changed by somebody: `problem` says how it shows.
    package static func changed(_ path: String, _ problem: String) -> DataError {
        DataError(
            .malformed, path: path, problem: problem,
            hint: "the file was changed or damaged: run the experiment anew, in an empty folder")
    }

    /// What a run keeps was written by another version of the package.
    package static func otherVersion(_ path: String, _ problem: String) -> DataError {
        DataError(
            .malformed, path: path, problem: problem,
            hint: "use the weightspace that made it, or run the experiment again, in an empty folder")
    }
}
