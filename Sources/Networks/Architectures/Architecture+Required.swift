import Basics
import Foundation

extension Architecture {
    /// The keys that a description of a kind must have in a zoo file and for `--architecture`, in the order in which they
    /// are missed; the rest have defaults.
    public static func requiredKeys(of kind: ConfigKind<Architecture>) -> [String] {
        let defaults = Dictionary(uniqueKeysWithValues: kind.keys().map { ($0.key, $0.standard) })
        var (found, fields) = ([String](), ["\"kind\":\"\(kind.name)\""])
        while true {
            do {
                _ = try JSONDecoder().decode(Architecture.self, from: Data("{\(fields.joined(separator: ","))}".utf8))
                return found
            } catch DecodingError.keyNotFound(let key, _) {
                guard let value = defaults[key.stringValue] ?? nil, !found.contains(key.stringValue) else {
                    return found
                }
                found.append(key.stringValue)
                fields.append("\"\(key.stringValue)\":\(value)")
            } catch {
                return found
            }
        }
    }
}
