/// One entry of a dictionary.
struct PickleEntry: Sendable {
    let key: PickleReference
    let value: PickleReference
}
