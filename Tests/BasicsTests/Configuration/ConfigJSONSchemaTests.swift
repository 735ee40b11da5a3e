import Testing

@testable import Basics

@Suite("JSON Schema of a configuration")
struct ConfigJSONSchemaTests {
    private static let words: [(ConfigType, Tree)] = [
        (ConfigType.flag, Tree.map(["type": "boolean"])), (.text, ["type": "string", "minLength": 1]),
        (.choice(["a", "b"]), ["enum": ["a", "b"]]), (.integer(Int.min...Int.max), ["type": "integer"]),
        (.integer(2...5), ["type": "integer", "minimum": 2, "maximum": 5]),
        (.integer(Int.min...5), ["type": "integer", "maximum": 5]), (.number(), ["type": "number"]),
        (.number(above: 0, below: 1), ["type": "number", "exclusiveMinimum": 0.0, "exclusiveMaximum": 1.0]),
        (.number(atLeast: 0, atMost: 1), ["type": "number", "minimum": 0.0, "maximum": 1.0]),
        (.list(.flag), ["type": "array", "items": ["type": "boolean"]]),
        (.list(.flag, count: 2...3), ["type": "array", "items": ["type": "boolean"], "minItems": 2, "maxItems": 3]),
        (.optional(.text), ["anyOf": [["type": "string", "minLength": 1], ["type": "null"]]]),
    ]

    @Test("Each type has its own words; open ends have none", arguments: words)
    func types(_ type: ConfigType, _ expected: Tree) {
        #expect(type.json == expected)
    }

    @Test("Keys of all kinds stand side by side, each with a note of its kind; defaults are those of the first kind")
    func kinds() throws {
        let schema = ConfigSchema(Drawing.self, Drawing.more).jsonSchema
        #expect(schema["$schema"] == "https://json-schema.org/draft/2020-12/schema")
        let shape = try #require(schema["properties.shape"])
        #expect(shape["additionalProperties"] == false && shape["type"] == "object")
        let names = try #require(shape["properties"]?.map?.keys.sorted())
        #expect(names == ["base", "finish", "height", "kind", "radius", "size"])
        #expect(shape["properties.kind.default"] == "circle" && shape["properties.kind.enum"]?.list?.count == 3)
        #expect(shape["properties.base.description"] == "The base. (with shape.kind: triangle)")
        #expect(shape["properties.base.default"] == nil && shape["properties.radius.default"] == 0.5)
        #expect(
            shape["properties.finish.properties.layers.description"]
                == "How many layers. (with shape.kind: square, shape.finish.kind: painted)")
    }

    @Test("A name that several kinds use takes what any of them does")
    func shared() throws {
        let size = try #require(ConfigSchema(Drawing.self).jsonSchema["properties.shape.properties.size"])
        #expect(
            size["anyOf"] == [
                ["type": "integer", "minimum": 1, "maximum": 9], ["type": "number", "exclusiveMinimum": 0.0],
            ])
        #expect(
            size["description"] == "A whole size. (with shape.kind: circle) Or: The side. (with shape.kind: square)")
        #expect(size["default"] == 3)
    }

    @Test("A grid knows all keys by name, and an arm has the same keys as the file")
    func grid() throws {
        let schema = ConfigSchema(Drawing.self).jsonSchema
        let properties = try #require(schema["properties"])
        let names = try #require(properties["grid.propertyNames.enum"]?.list)
        #expect(names.contains("shape") && names.contains("shape.kind") && names.contains("title"))
        #expect(!names.contains("shape.kid") && Set(names.map { $0.text() }).count == names.count)
        let arm = try #require(properties["arms.additionalProperties"])
        #expect(arm["properties.shape"] == .map(["$ref": "#/properties/shape"]))
        #expect(arm["properties.default.type"] == "boolean" && arm["additionalProperties"] == false)
        #expect(arm["propertyNames.enum"]?.list?.contains("shape.kind") == true)
        #expect(schema["propertyNames.enum"]?.list?.contains("shape.kind") == true)
        #expect(properties["title.default"] == Tree.null && properties["title.anyOf"]?.list?.count == 2)
    }
}
