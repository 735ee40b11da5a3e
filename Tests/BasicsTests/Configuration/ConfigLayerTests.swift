import TestSupport
import Testing

@testable import Basics

@Suite("Layers of assignments")
struct ConfigLayerTests {
    private static let schema = ConfigSchema(Drawing.self, Drawing.more)

    private static func layer(_ pairs: KeyValuePairs<String, Tree>, _ origin: String = "--set") -> [ConfigAssignment] {
        pairs.map { ConfigAssignment(path: $0.key, value: $0.value, origin: .option("\(origin) \($0.key)")) }
    }

    private static func merged(_ layers: [ConfigAssignment]...) -> ConfigMerge {
        var merge = ConfigMerge(schema)
        for layer in layers { merge.apply(layer) }
        return merge
    }

    @Test("The order within a layer does not matter, kinds within kinds included")
    func order() {
        var layer = Self.layer([
            "shape.finish.layers": 4, "shape.finish.kind": "painted", "shape.size": 2, "shape.kind": "square",
            "scale": 3,
        ])
        var random = RandomChoices(state: 5)
        for _ in 0..<40 {
            layer.shuffle(using: &random)
            let merge = Self.merged(layer)
            #expect(merge.problems.isEmpty)
            #expect(
                merge.tree["shape"] == [
                    "kind": "square", "size": 2.0, "finish": ["kind": "painted", "layers": 4, "colour": "red"],
                ])
            #expect(merge.tree["shape"]?.map?.keys == ["kind", "size", "finish"] && merge.tree["scale"] == 3.0)
        }
    }

    @Test("Another kind forgets values and origins of the old one; the same kind keeps both")
    func swaps() {
        let first = Self.layer(["shape.kind": "circle", "shape.radius": 2, "shape.size": 7, "scale": 2], "file")
        let same = Self.merged(first, Self.layer(["shape.kind": "circle"]))
        #expect(same.tree["shape"] == ["kind": "circle", "radius": 2.0, "size": 7])
        #expect(same.origins["shape.radius"] == .option("file shape.radius"))
        #expect(same.origins["shape.kind"] == .option("--set shape.kind"), "the later layer has said it")
        let other = Self.merged(first, Self.layer(["shape.kind": "square"]))
        #expect(other.tree["shape"] == ["kind": "square", "size": 1.5, "finish": ["kind": "plain"]])
        #expect(Set(other.origins.keys) == ["shape.kind", "scale"])
        let back = Self.merged(first, Self.layer(["shape.kind": "square"]), Self.layer(["shape.kind": "circle"]))
        #expect(back.tree["shape"] == ["kind": "circle", "radius": 0.5, "size": 3], "not what the file had said")
    }

    @Test("A section's value sets each key in it, over what is there")
    func sections() {
        let merge = Self.merged(
            Self.layer([
                "shape": [
                    "kind": "square",
                    "finish": [
                        "kind": "painted",
                        "colour": "blue",
                    ],
                ]
            ]))
        #expect(merge.problems.isEmpty && merge.tree["shape.finish.colour"] == "blue")
        #expect(merge.tree["shape.finish.layers"] == 2 && merge.tree["scale"] == 1.0)
    }

    @Test("Of a kind that is unknown only the kind is reported; the section stays as it was")
    func unknownKind() {
        let merge = Self.merged(Self.layer(["shape.kind": "sqare", "shape.size": -1, "shape.nonsense": 1, "scale": 9]))
        #expect(merge.problems.map(\.path) == ["shape.kind", "scale"])
        #expect(merge.problems[0].hint == "did you mean square?")
        #expect(merge.tree["shape.kind"] == "circle" && merge.tree["scale"] == 1.0)
        let inner = Self.merged(
            Self.layer([
                "shape.kind": "square", "shape.finish": ["kind": 3, "layers": 0],
                "shape.size": 2,
            ]))
        #expect(
            inner.problems.map(\.description) == [
                "shape.finish.kind (--set shape.finish): expected one of plain, painted, found 3"
            ])
        #expect(inner.tree["shape.size"] == 2.0)
    }

    @Test("A kind inside a kind that was not chosen is a key of the other")
    func innerKindAlone() {
        let merge = Self.merged(Self.layer(["shape.finish.kind": "painted"]))
        #expect(merge.problems.map(\.expected) == ["no such key with shape.kind: circle"])
        #expect(merge.problems[0].found == "a key of shape.kind: square")
        #expect(merge.problems[0].hint == "set shape.kind too, or leave the key out")
        #expect(merge.tree == Self.schema.defaults)
    }

    @Test("A key twice in a layer is reported unless that is allowed, and the last one wins")
    func repeats() {
        let twice = Self.layer(["scale": 2, "title": "a"]) + Self.layer(["scale": 3], "again")
        var strict = ConfigMerge(Self.schema)
        strict.apply(twice)
        #expect(strict.problems.map(\.description) == ["scale (again scale): the key stands twice"])
        var lenient = ConfigMerge(Self.schema)
        lenient.apply(twice, allowingRepeats: true)
        #expect(lenient.problems.isEmpty && lenient.tree["scale"] == 3.0)
        #expect(lenient.origins["scale"] == .option("again scale"))
    }

    private static let advice: [(String, Tree, String)] = [
        ("title", Tree.bool(true), "put a text that looks like a number in quotes"), ("title", .list([1]), ""),
        ("isFramed", "true", "without quotes, as true, 3 or 0.5"), ("isFramed", 1, ""), ("isFramed", nil, ""),
        ("scale", "2", "without quotes, as true, 3 or 0.5"), ("scale", 0, ""),
        ("shape.size", "three", "without quotes, as true, 3 or 0.5"), ("shape.kind", "xyz", ""),
        ("shape.kind", "circel", "did you mean circle?"),
    ]

    @Test("Hints fit the type and the value", arguments: advice)
    func hints(_ path: String, _ value: Tree, _ hint: String) {
        let merge = Self.merged(Self.layer([path: value]))
        #expect(merge.problems.map(\.path) == [path] && merge.problems.map(\.hint) == [hint])
        #expect(merge.tree == Self.schema.defaults && merge.origins.isEmpty, "nothing is changed")
    }

    @Test("A path with one letter too few is answered with a path that is one edit away")
    func typos() throws {
        let known = Set(Self.schema.keys.map(\.path)).union(Self.schema.sections)
        for path in known.sorted() {
            let word = try #require(path.split(separator: ".").last)
            for place in 0..<word.count where word.count > 3 {
                var wrong = Array(path)
                wrong.remove(at: path.count - word.count + place)
                let merge = Self.merged(Self.layer([String(wrong): 1]))
                let problem = try #require(merge.problems.first)
                #expect(problem.path == String(wrong) && problem.found == "there is no such key")
                let meant = try #require(problem.hint.wholeMatch(of: /did you mean (.+)\?/)).1
                #expect(known.contains(String(meant)) && Nearest.distance(String(meant), String(wrong)) == 1)
            }
        }
    }
}
