@testable import Basics

/// A component with a family of kinds, one kind of which holds a component in kinds of its own.
struct Drawing: ComponentConfig {
    var scale = 1.0
    var title: String? = nil
    var isFramed = false
    var shape = Described<ShapeFamily>()

    static let keys: [ConfigKey] =
        [
            ConfigKey("scale", .number(above: 0, atMost: 8), "The scale."),
            ConfigKey("title", .optional(.text), "The title."),
            ConfigKey("isFramed", .flag, "Whether there is a frame."),
        ] + .section("shape", Described<ShapeFamily>.self)

    func problems() -> [ConfigProblem] { shape.problems().under("shape") }

    /// The standard shapes and one more.
    static let more = ConfigTables.standard.with(
        ShapeFamily.self, ShapeFamily.standard + [ConfigKind("triangle", Triangle.self, "three corners") { $0 }])
}

protocol ShapeConfig: ComponentConfig {
    var area: Double { get }
}

enum ShapeFamily: ConfigFamily {
    static let standard: ConfigKinds<any ShapeConfig> = [
        ConfigKind("circle", Circle.self, "round") { $0 },
        ConfigKind("square", Square.self, "equal sides") { $0 },
    ]
}

struct Circle: ShapeConfig {
    var radius = 0.5
    var size = 3
    var area: Double { 3 * radius * radius }
    static let keys = [
        ConfigKey("radius", .number(above: 0), "The radius."), ConfigKey("size", .integer(1...9), "A whole size."),
    ]
}

struct Square: ShapeConfig {
    var size = 1.5
    var finish = Finish()
    var area: Double { size * size }
    static let keys: [ConfigKey] =
        [ConfigKey("size", .number(above: 0), "The side.")] + .section("finish", Finish.self)

    func problems() -> [ConfigProblem] { finish.problems().under("finish") }
}

struct Triangle: ShapeConfig {
    var base = 2.0
    var height = 1.0
    var area: Double { base * height / 2 }
    static let keys = [
        ConfigKey("base", .number(above: 0), "The base."), ConfigKey("height", .number(above: 0), "The height."),
    ]

    func problems() -> [ConfigProblem] {
        height > 10 * base ? [ConfigProblem("height", expected: "at most ten bases", found: "\(height)")] : []
    }
}

enum Finish: ConfigChoice {
    case plain(NoSettings)
    case painted(Paint)

    static let standard: ConfigKinds<Finish> = [
        ConfigKind("plain", NoSettings.self, "as it is", Finish.plain) {
            guard case .plain(let config) = $0 else { return nil }
            return config
        },
        ConfigKind("painted", Paint.self, "in one colour", Finish.painted) {
            guard case .painted(let config) = $0 else { return nil }
            return config
        },
    ]
}

struct Paint: ComponentConfig {
    var layers = 2
    var colour = "red"
    static let keys = [
        ConfigKey("layers", .integer(atLeast: 1), "How many layers."),
        ConfigKey("colour", .choice(["red", "green", "blue"]), "The colour."),
    ]

    func problems() -> [ConfigProblem] {
        layers > 5 ? [ConfigProblem("layers", expected: "no more than dry", found: "\(layers)")] : []
    }
}
