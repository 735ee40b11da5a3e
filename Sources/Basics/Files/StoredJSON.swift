import Foundation

/// Reads back what a run wrote as JSON, which may have been damaged since.
package enum StoredJSON {
    /// The value in a file. Throws `DataError`: missing where there is none, malformed where it does not decode.
    package static func read<Value: Decodable>(
        _ type: Value.Type, _ url: URL, decoder: JSONDecoder = JSONDecoder(), expected: String
    ) throws -> Value {
        guard let data = try? Data(contentsOf: url) else {
            throw DataError(.missing, path: url.path, expected: expected, found: "no readable file")
        }
        do {
            return try decoder.decode(type, from: data)
        } catch {
            throw DataError(
                .malformed, path: url.path, expected: expected, found: "other content",
                hint: "the file was changed or damaged: run it anew, in an empty folder")
        }
    }

    private struct Version: Decodable {
        let version: Int
    }

    /// Throws `DataError.malformed` for a file that says that it is of another version; what says nothing is left to
    /// `read`.
    package static func refuseOtherVersions(_ url: URL, than version: Int, expected: String) throws {
        guard let data = try? Data(contentsOf: url), let found = try? JSONDecoder().decode(Version.self, from: data),
            found.version != version
        else { return }
        throw DataError(
            .malformed, path: url.path, expected: "\(expected) of version \(version)", found: "version \(found.version)",
            hint: "another version of weightspace made it: use that one, or run the experiment again")
    }
}
