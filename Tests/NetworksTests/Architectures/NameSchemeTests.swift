import Testing

@testable import Networks

@Suite("Names that others give tensors")
struct NameSchemeTests {
    private let scheme = NameScheme("x", ["a.#.b#.*": "c.#.d#.*", "head": "tail", "p#": "q.#"])

    @Test(
        "both ways, numbers and endings kept",
        arguments: [
            ("a.10.b2.weight", "c.10.d2.weight"), ("head", "tail"), ("p7", "q.7"), ("a.b.weight", "a.b.weight"),
            ("headless", "headless"), ("p", "p"), ("a.1.b2.x.y", "c.1.d2.x.y"),
        ])
    func both(ours: String, theirs: String) {
        #expect(scheme.theirs(ours) == theirs && scheme.ours(theirs) == ours)
    }

    @Test("a Sequential counts activations and poolings")
    func sequential() throws {
        let plain = try #require(MLP.Config(widths: [4, 3, 3, 2]).nameSchemes.first)
        #expect(plain.theirs("layers.2.bias") == "4.bias")
        let normed = try #require(MLP.Config(widths: [4, 3, 3, 2], norm: .batch).nameSchemes.first)
        #expect(
            normed.theirs("layers.1.weight") == "3.weight" && normed.theirs("norms.1.running_mean") == "4.running_mean")
        let image = ImageExtent(channels: 1, height: 8, width: 8)
        let config = CNN.Config(
            image: image, channels: [4, 8], paddings: [1], pools: [2, 1], norm: .batch, hidden: [5])
        let convolutional = try #require(config.nameSchemes.first)
        #expect(convolutional.theirs("convolutions.1.weight") == "4.weight")
        #expect(convolutional.theirs("norms.1.bias") == "5.bias" && convolutional.theirs("layers.1.bias") == "10.bias")
    }
}
