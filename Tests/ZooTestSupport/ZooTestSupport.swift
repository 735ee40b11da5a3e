import Foundation
import Networks
import Testing

@testable import Basics
import ModelZoo

/// The folder of fixtures that Scripts/make_zoo_fixtures.py wrote.
public let zooFixtures = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .appendingPathComponent("Fixtures/zoo")

/// The path of a fixture.
public func zooFixture(_ name: String) -> String { zooFixtures.appendingPathComponent(name).path }

/// The weights that the fixtures hold: ((37 i + 11 j + salt) mod 101 - 50) / 64.
public func formulaRows(_ rows: Int, _ width: Int, salt: Int = 0) -> [Float] {
    (0..<rows).flatMap { i in (0..<width).map { j in Float((37 * i + 11 * j + salt) % 101 - 50) / 64 } }
}

/// A folder that is removed when `body` returns.
public func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("zoo-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
}

/// The bytes of a file.
public func bytes(_ path: String) throws -> Data { try Data(contentsOf: URL(fileURLWithPath: path)) }

/// The `DataError` that `body` throws, or nil.
public func dataError(_ body: () throws -> Void) -> DataError? {
    do {
        try body()
        return nil
    } catch {
        return error as? DataError
    }
}

/// Slots `w` [rows, 4] and `b` [3]; with buffers, `m` [2].
public func testLayout(rows: Int = 2, buffers: Bool = false) -> ParameterLayout {
    ParameterLayout(
        slots: [
            Slot(name: "w", offset: 0, shape: [rows, 4], role: .weight),
            Slot(name: "b", offset: rows * 4, shape: [3], role: .bias),
        ], buffers: buffers ? [Slot(name: "m", offset: 0, shape: [2], role: .shift)] : [])
}

/// A zoo with every kind of column, buffers and trajectories.
public func fullZoo(count: Int = 5, rows: Int = 2) -> Zoo {
    let layout = testLayout(rows: rows, buffers: true)
    var columns = ZooColumns(count: count)
    columns["split"] = .integer((0..<count).map { Int64($0 % 3) })
    columns["seed"] = .unsigned((0..<count).map { UInt64.max - UInt64($0) })
    columns["test_accuracy"] = .real((0..<count).map { $0 == 1 ? .nan : Double($0) / 8 })
    columns["task"] = .text((0..<count).map { $0 == 2 ? "" : "tâche \($0)" })
    let trajectory = ZooTrajectory(
        checkpoints: 2, steps: (0..<count).flatMap { [0, $0 == 3 ? -1 : 10] },
        weights: formulaRows(count * 2, layout.count, salt: 3), buffers: formulaRows(count * 2, 2, salt: 5))
    return Zoo(
        header: ZooHeader(
            layout: layout,
            dataset: ZooDataset(
                name: "a/b", sha256: "ff", scale: [0.5, 2], shift: [1],
                split: .indices(train: [0, 2], validation: [1], test: [])),
            tasks: #"[{"dataset":"a/b"}]"#),
        weights: formulaRows(count, layout.count), buffers: formulaRows(count, 2, salt: 9), columns: columns,
        trajectory: trajectory)
}

/// Compares what a file can hold, NaN equal to NaN.
public func expectSame(_ first: Zoo, _ second: Zoo, sourceLocation: SourceLocation = #_sourceLocation) {
    #expect(first.header == second.header, sourceLocation: sourceLocation)
    #expect(first.weights == second.weights, sourceLocation: sourceLocation)
    #expect(first.buffers == second.buffers, sourceLocation: sourceLocation)
    #expect(first.columns.names == second.columns.names, sourceLocation: sourceLocation)
    for name in first.columns.names {
        #expect(
            "\(String(describing: first.columns[name]))" == "\(String(describing: second.columns[name]))",
            sourceLocation: sourceLocation)
    }
}
