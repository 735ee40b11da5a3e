extension DecodingError {
    /// What is wrong and where, for messages.
    package var reason: String {
        func place(_ context: Context, _ last: (any CodingKey)? = nil) -> String {
            (context.codingPath + (last.map { [$0] } ?? [])).map(\.stringValue).joined(separator: ".")
        }
        switch self {
        case .keyNotFound(let key, let context): return "no key \(place(context, key))"
        case .typeMismatch(let type, let context), .valueNotFound(let type, let context):
            return "something else than \(type) at \(place(context))"
        case .dataCorrupted(let context):
            let at = place(context)
            return at.isEmpty ? context.debugDescription : "\(context.debugDescription) at \(at)"
        @unknown default: return "\(self)"
        }
    }

    /// The reason of any error that decoding threw.
    package static func reason(of error: any Error) -> String { (error as? DecodingError)?.reason ?? "\(error)" }
}
