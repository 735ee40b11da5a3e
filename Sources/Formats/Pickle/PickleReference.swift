/// A value's place in its `PickleGraph`.
struct PickleReference: Hashable, Sendable {
    let index: Int
}
