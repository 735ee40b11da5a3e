import Foundation
import Networks

/// Reads back what a run wrote as JSON, which may have been damaged since.
enum StoredJSON {
    /// The value in a file. Throws `DataError`: missing where there is none, malformed where it does not decode.
    static func read<Value: Decodable>(
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
                hint: "the file was changed or damaged; remove it to have its stage done again")
        }
    }
}
