import Foundation
import Tensors

/// One of PyTorch's values that this package's must equal; see `Scripts/make_torch_fixtures.py`, and of a finish
/// `Scripts/make_finish_fixtures.py`.
public struct TorchCase: Sendable, CustomStringConvertible {
    /// What was computed.
    public let name: String
    /// Arguments, in double precision.
    public let inputs: [String: Tensor]
    /// Results, in double precision.
    public let outputs: [String: Tensor]
    /// Gradients by the inputs of the same names, in double precision.
    public let gradients: [String: Tensor]
    /// Everything that is not a tensor.
    public let options: [String: FixtureOption]

    /// The name, for messages.
    public var description: String { name }

    /// Reads `Tests/Fixtures/torch/<family>.json`; throws where it is missing, of another format or without cases.
    public static func family(_ family: String) throws -> [TorchCase] {
        let file = fixturesFolder.appending(path: "torch/\(family).json")
        let content = try JSONDecoder().decode(TorchFile.self, from: Data(contentsOf: file))
        guard content.format == "weightspace-torch-fixtures", content.version == 1, content.family == family,
            !content.cases.isEmpty
        else { throw FixtureProblem(description: "\(file.path): not a file of torch fixtures for \(family)") }
        return try content.cases.map(TorchCase.init)
    }

    /// The cases of a family whose names satisfy `isWanted`; throws where there is none.
    public static func family(_ family: String, where isWanted: (String) -> Bool) throws -> [TorchCase] {
        let cases = try Self.family(family).filter { isWanted($0.name) }
        guard !cases.isEmpty else { throw FixtureProblem(description: "no wanted case in \(family)") }
        return cases
    }

    /// The input `name`; throws where there is none.
    public func input(_ name: String) throws -> Tensor { try Self.found(inputs[name], "input \(name) of \(self.name)") }
    /// The output `name`; throws where there is none.
    public func output(_ name: String = "output") throws -> Tensor {
        try Self.found(outputs[name], "output \(name) of \(self.name)")
    }
    /// The option `name`; throws where there is none.
    public func option(_ name: String) throws -> FixtureOption {
        try Self.found(options[name], "option \(name) of \(self.name)")
    }
    /// An input of whole numbers, such as labels.
    public func indices(_ name: String) throws -> [Int32] { try input(name).doubles.map { Int32($0) } }

    private static func found<Value>(_ value: Value?, _ what: String) throws -> Value {
        guard let value else { throw FixtureProblem(description: "no \(what)") }
        return value
    }

    fileprivate init(_ content: TorchFile.Case) throws {
        name = content.name
        inputs = try content.inputs.mapValues { try $0.tensor }
        outputs = try content.outputs.mapValues { try $0.tensor }
        gradients = try content.gradients.mapValues { try $0.tensor }
        options = content.options
    }
}

/// A setting of a case: a number, a text, a truth or a list of these.
public enum FixtureOption: Sendable, Decodable {
    case number(Double)
    case text(String)
    case truth(Bool)
    case list([FixtureOption])
    case fields([String: FixtureOption])

    /// Reads whichever of the forms is there.
    public init(from decoder: any Decoder) throws {
        let value = try decoder.singleValueContainer()
        if let truth = try? value.decode(Bool.self) {
            self = .truth(truth)
        } else if let number = try? value.decode(Double.self) {
            self = .number(number)
        } else if let text = try? value.decode(String.self) {
            self = .text(text)
        } else if let list = try? value.decode([FixtureOption].self) {
            self = .list(list)
        } else {
            self = .fields(try value.decode([String: FixtureOption].self))
        }
    }

    /// As a number; NaN where it is none.
    public var double: Double { if case .number(let value) = self { value } else { .nan } }
    /// As a whole number; the smallest one where it is none.
    public var int: Int { if case .number(let value) = self, let exact = Int(exactly: value) { exact } else { .min } }
    /// As a text; empty where it is none.
    public var string: String { if case .text(let value) = self { value } else { "" } }
    /// Whether it is the truth value true.
    public var isTrue: Bool { if case .truth(true) = self { true } else { false } }
    /// As a list of numbers; empty where it is none.
    public var doubles: [Double] { if case .list(let values) = self { values.map(\.double) } else { [] } }
    /// As a list of whole numbers; empty where it is none.
    public var ints: [Int] { if case .list(let values) = self { values.map(\.int) } else { [] } }
}

/// Why a fixture cannot be used.
public struct FixtureProblem: Error, CustomStringConvertible {
    /// What is wrong.
    public let description: String

    /// Says what is wrong.
    public init(description: String) { self.description = description }
}

/// The folder `Tests/Fixtures`.
public var fixturesFolder: URL {
    URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")
}

private struct TorchFile: Decodable {
    struct Array: Decodable {
        let shape: [Int]
        let data: [Double]

        var tensor: Tensor {
            get throws {
                guard shape.reduce(1, *) == data.count else {
                    throw FixtureProblem(description: "\(data.count) numbers for shape \(shape)")
                }
                return Tensor(data, shape: Shape(shape))
            }
        }
    }

    struct Case: Decodable {
        let name: String
        let inputs: [String: Array]
        let outputs: [String: Array]
        let gradients: [String: Array]
        let options: [String: FixtureOption]
    }

    let format: String
    let version: Int
    let family: String
    let cases: [Case]
}
