import TestSupport
import Testing

@testable import Basics

@Suite("Families of kinds")
struct ConfigFamilyTests {
    @Test("Defaults are those of the first kind, with the keys in the table's order")
    func defaults() {
        let schema = ConfigSchema(Drawing.self)
        #expect(schema.discrepancies.isEmpty)
        #expect(
            schema.defaults.yaml == """
                scale: 1.0
                title: null
                isFramed: false
                shape:
                  kind: circle
                  radius: 0.5
                  size: 3

                """)
        #expect(schema.defaultText(of: "shape.radius") == "0.5" && schema.defaultText(of: "shape.finish.kind") == nil)
        #expect(Drawing().shape.area == 0.75, "properties of the member show through")
    }

    @Test("More kinds come after the standard ones, in a table of their own")
    func more() {
        let wide = Drawing.more[ShapeFamily.self]
        #expect(wide.all.map(\.name) == ["circle", "square", "triangle"])
        #expect(ShapeFamily.standard.all.map(\.name) == ["circle", "square"])
        #expect(ConfigTables.standard[ShapeFamily.self]["triangle"] == nil && wide["triangle"]?.name == "triangle")
        #expect(Drawing.more[Finish.self].all.map(\.name) == ["plain", "painted"], "other families keep their tables")
        #expect(Drawing.more.variants(of: ShapeFamily.self).map(\.kind) == ["circle", "square", "triangle"])
        #expect(wide.kind(of: Triangle())?.name == "triangle" && ShapeFamily.standard.kind(of: Triangle()) == nil)
    }

    @Test("A key says the kinds on which it depends, the outer one first")
    func conditions() throws {
        let keys = ConfigSchema(Drawing.self, Drawing.more).keys
        #expect(
            keys.map(\.path) == [
                "scale", "title", "isFramed", "shape.kind", "shape.radius", "shape.size", "shape.size",
                "shape.finish.kind",
                "shape.finish.layers", "shape.finish.colour", "shape.base", "shape.height",
            ])
        let layers = try #require(keys.first { $0.path == "shape.finish.layers" })
        #expect(
            layers.conditions == [
                .init(path: "shape.kind", kind: "square"), .init(path: "shape.finish.kind", kind: "painted"),
            ])
        #expect(keys[3].documentation == "circle: round; square: equal sides; triangle: three corners")
        #expect(keys[3].type == .choice(["circle", "square", "triangle"]))
    }

    @Test("Encoding and decoding are inverse for every kind, with the tables that know it")
    func roundTrip() throws {
        var random = RandomChoices(state: 11)
        func positive() -> Double { Double.random(in: 1e-3...5, using: &random) }
        for index in 0..<60 {
            var drawing = Drawing(
                scale: positive(), title: index % 3 == 0 ? nil : "t\(index)",
                isFramed: index % 2
                    == 0)
            switch index % 4 {
            case 0: drawing.shape = Described(Circle(radius: positive(), size: 1 + index % 9))
            case 1: drawing.shape = Described(Square(size: positive()))
            case 2: drawing.shape = Described(Square(finish: .painted(Paint(layers: index, colour: "blue"))))
            default: drawing.shape = Described(Triangle(base: positive()), in: Drawing.more[ShapeFamily.self])
            }
            let tree = try Tree(encoding: drawing)
            #expect(tree["shape.kind"] == .string(drawing.shape.kind))
            #expect(try tree.decode(Drawing.self, Drawing.more) == drawing)
            #expect((try? tree.decode(Drawing.self)) == (index % 4 == 3 ? nil : drawing))
        }
    }

    private static let damage: [(String, Tree?, String, String)] = [
        ("shape.kind", "hexagon", "a usable value", "unknown kind \"hexagon\""),
        ("shape.kind", nil, "a value", "no such key"), ("shape.radius", nil, "a value", "no such key"),
    ]

    @Test("A tree that does not decode is a problem with its dotted path", arguments: damage)
    func undecodable(_ path: String, _ value: Tree?, _ expected: String, _ found: String) throws {
        var tree = ConfigSchema(Drawing.self).defaults
        tree[path] = value
        let error = try #require(#expect(throws: ConfigError.self) { try tree.decode(Drawing.self) })
        #expect(error.problems.map(\.path) == [path] && error.problems.map(\.expected) == [expected])
        #expect(error.problems[0].found == found)
    }

    @Test("Problems of the member are those of the section, however deep")
    func problems() {
        let kinds = Drawing.more[ShapeFamily.self]
        let tall = Drawing(shape: Described(Triangle(base: 1, height: 11), in: kinds))
        #expect(tall.problems().map(\.description) == ["shape.height: expected at most ten bases, found 11.0"])
        let thick = Drawing(shape: Described(Square(finish: .painted(Paint(layers: 6)))))
        #expect(thick.problems().map(\.path) == ["shape.finish.layers"])
        #expect(Drawing().problems().isEmpty && Finish().problems().isEmpty)
    }

    @Test("Members are equal where kind and settings are")
    func equality() {
        typealias Shape = Described<ShapeFamily>
        #expect(Shape() == Shape(Circle()) && Shape() != Shape(Square()))
        #expect(Shape(Circle(radius: 1)) != Shape() && Shape(Square()) == Shape(Square(finish: .plain(.init()))))
        #expect(Finish() == .plain(.init()) && Finish().kind == "plain" && Finish.painted(.init()).kind == "painted")
    }

    @Test("A kind of keys and defaults alone leaves what is null to the member")
    func described() throws {
        let free = ConfigKind<any ShapeConfig>(
            "free", "any area", keys: [ConfigKey("area", .optional(.number(above: 0)), "The area.")],
            defaults: ["area": nil]
        ) { _ in Circle(radius: 7) }
        let tables = ConfigTables.standard.with(ShapeFamily.self, ShapeFamily.standard + [free])
        var merge = ConfigMerge(ConfigSchema(Drawing.self, tables))
        merge.apply([ConfigAssignment(path: "shape.kind", value: "free", origin: .option("--kind"))])
        #expect(merge.problems.isEmpty && merge.tree["shape"] == ["kind": "free", "area": nil])
        let drawing = try merge.tree.decode(Drawing.self, tables)
        #expect(drawing.shape.kind == "free" && drawing.shape.area == 147 && drawing.problems().isEmpty)
    }

    @Test("Two kinds of one name, and a member of no kind, are a programmer's mistakes")
    func traps() async {
        await #expect(processExitsWith: .failure) {
            _ = ShapeFamily.standard + [ConfigKind("circle", Triangle.self, "") { $0 }]
        }
        await #expect(processExitsWith: .failure) { _ = Described<ShapeFamily>(Triangle()) }
    }
}
