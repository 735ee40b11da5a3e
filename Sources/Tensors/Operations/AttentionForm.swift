/// How attention is computed.
public enum AttentionForm: String, Sendable, Codable, CaseIterable {
    /// One operation, a (batch, head) pair at a time in cache; its memory grows with T, not with T S.
    case fused
    /// Products and a softmax, with all weights in memory.
    case plain
}
