import Networks
import TestSupport
import Testing
import ZooTestSupport

@testable import Basics
@testable import Formats
@testable import ModelZoo

@Suite("Archives of NumPy arrays")
struct NPZArchiveTests {
    private func array(_ shape: [Int], from start: Float = 0) -> [UInt8] {
        let values = (0..<shape.reduce(1, *)).map { start + Float($0) }
        return NPYWriter.header("<f4", shape: shape) + values.flatMap { DatasetBytes.little($0.bitPattern) }
    }

    @Test("Arrays of one network keep the archive's order and their names; other files are passed over")
    func oneNetwork() throws {
        let found = try readArchive([
            ("z/w.npy", array([2, 3])), ("notes.txt", Array("hello".utf8)), ("a.npy", array([], from: 7)),
            (".npy", array([1])),
        ])
        #expect(found.count == 1 && found[0].facts.isEmpty)
        #expect(
            found[0].tensors.map(\.name) == ["z/w", "a", ""] && found[0].tensors.map(\.shape) == [[2, 3], [], [1]])
        #expect(found[0].tensors[1].values.floats() == [7])
    }

    @Test(
        "A matrix of integers, or weights of another rank, are one tensor of one network", arguments: [[6], [1, 2, 3]])
    func noPopulation(shape: [Int]) throws {
        #expect(try readArchive([("weights.npy", array(shape))]).map { $0.tensors.map(\.shape) } == [[shape]])
        let whole = NPYWriter.header("<i8", shape: [1, 2]) + [UInt8](repeating: 0, count: 16)
        #expect(try readArchive([("weights.npy", whole)]).map { $0.tensors.map(\.shape) } == [[[1, 2]]])
    }

    @Test(
        "The matrix that was asked for must be one, and the message lists what there is",
        arguments: [
            "none", "vector", "whole",
        ])
    func missing(name: String) throws {
        let whole = NPYWriter.header("<i8", shape: [1, 2]) + [UInt8](repeating: 0, count: 16)
        let members = [("vector.npy", array([2])), ("whole.npy", whole)]
        let error = try requireDataError { _ = try readArchive(members, array: name) }
        #expect(error.kind == .missing && error.expected == "a matrix \"\(name)\"")
        #expect(error.found == "vector.npy, whole.npy")
    }

    @Test("Facts of every kind go to their networks, missing ones to none")
    func facts() throws {
        let found = try readArchive([
            ("weights.npy", array([2, 3])), ("seed.npy", NPYWriter.column(.unsigned([.max, 1]))),
            ("run.npy", NPYWriter.column(.text(["", "b"]))), ("step.npy", NPYWriter.column(.integer([-1, 4]))),
            ("loss.npy", NPYWriter.column(.real([.nan, 0.5]))),
        ])
        // Another's -1 may be a number: what it means is for whoever makes columns of it.
        #expect(found[0].facts == ["seed": .unsigned(.max), "step": .integer(-1)])
        #expect(found[1].facts == ["seed": .unsigned(1), "run": .text("b"), "step": .integer(4), "loss": .real(0.5)])
        #expect(found.map { $0.place.hasSuffix("x.npz:0") } == [true, false])
        #expect(found[1].tensors.map(\.values).map { $0.floats() } == [[3, 4, 5]])
    }

    private let layout = Array(
        (#"{"slots":[{"name":"w","offset":0,"shape":[3],"role":"weight"}],"#
            + #""buffers":[{"name":"m","offset":0,"shape":[2],"role":"shift"}]}"#).utf8)

    @Test("Buffers go with the rows as the layout says, and must fit it")
    func buffers() throws {
        let weights = ("weights.npy", array([2, 3]))
        let found = try readArchive([
            weights, ("layout.json", layout), ("buffers.npy", array([2, 2], from: 10)),
        ])
        #expect(found.map { $0.tensors.map(\.name) } == [["w", "m"], ["w", "m"]])
        #expect(found.map { $0.tensors[1].values.floats() } == [[10, 11], [12, 13]])
        for shape in [[2, 1], [1, 2], [4]] {
            let error = try requireDataError {
                _ = try readArchive([weights, ("layout.json", layout), ("buffers.npy", array(shape))])
            }
            #expect(error.expected == "[2, 2]" && error.found == "\(shape)" && error.path.hasSuffix("buffers.npy"))
        }
        #expect(try readArchive([weights, ("layout.json", layout)]).map(\.tensors.count) == [1, 1])
    }

    @Test("An archive without arrays is one network of none, and a matrix without rows is none at all")
    func empty() throws {
        #expect(try readArchive([("readme", [])]).map(\.tensors.count) == [0])
        #expect(try readArchive([("weights.npy", array([0, 3]))]).isEmpty)
    }
}
