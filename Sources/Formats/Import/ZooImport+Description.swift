import Basics
import Foundation
import Networks

extension ZooImport {
    /// Reads what networks look like from JSON: an architecture (`{"kind":"mlp",...}`) or a layout (`{"slots":[...]}`).
    ///
    /// Throws `.configuration` naming `place` where it is neither.
    public init(description json: Data, place: String) throws {
        do {
            if (try? JSONDecoder().decode(Kind.self, from: json))?.slots != nil {
                self.init(layout: try JSONDecoder().decode(ParameterLayout.self, from: json))
            } else {
                self.init(architecture: try JSONDecoder().decode(Architecture.self, from: json))
            }
        } catch {
            throw DataError(
                .configuration, path: place,
                expected: "an architecture such as {\"kind\":\"mlp\",\"widths\":[64,32,10]}",
                found: DecodingError.reason(of: error))
        }
    }

    /// Tells a layout from an architecture.
    private struct Kind: Decodable {
        struct Anything: Decodable {}
        let slots: [Anything]?
    }
}
