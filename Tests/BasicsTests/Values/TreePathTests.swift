import TestSupport
import Testing

@testable import Basics

@Suite("Paths in trees")
struct TreePathTests {
    /// A section of few keys, so that two of them share many paths.
    private static func section(_ random: inout RandomChoices, _ depth: Int) -> Tree {
        var map = Tree.Map()
        for key in ["a", "b", "c"] where Bool.random(using: &random) {
            let isLeaf = depth == 0 || Int.random(in: 0..<3, using: &random) == 0
            map[key] = isLeaf ? .integer(Int.random(in: 0...2, using: &random)) : section(&random, depth - 1)
        }
        return .map(map)
    }

    private static func values(_ tree: Tree) -> [String: Tree] {
        let leaves = tree.leaves.filter { $0.value != .map([:]) }
        return Dictionary(leaves.map { ($0.path, $0.value) }, uniquingKeysWith: { $1 })
    }

    @Test("What is set is read, nothing else changes, and nil removes it again")
    func setting() throws {
        var random = RandomChoices(state: 21)
        for _ in 0..<200 {
            let tree = Self.section(&random, 3)
            var other = tree
            other["new.deep.key"] = "x"
            #expect(other["new.deep.key"] == "x" && other["new"] == ["deep": ["key": "x"]])
            other["new"] = nil
            #expect(other == tree && other.map?.keys == tree.map?.keys)
            for leaf in tree.leaves { #expect(tree[leaf.path] == leaf.value) }
        }
    }

    @Test("The empty path is the tree; a path through a leaf leads nowhere")
    func ends() {
        var tree: Tree = ["a": ["b": 1]]
        #expect(tree[""] == tree && tree["a.b.c"] == nil && tree["a.x"] == nil && Tree.integer(3)["a"] == nil)
        tree["a.b.c"] = 2
        #expect(tree == ["a": ["b": ["c": 2]]], "a leaf on the way becomes a section")
        tree[""] = nil
        #expect(tree == .null)
    }

    @Test("Removing what is not there changes nothing: no section is made, no leaf is lost")
    func removingNothing() {
        var tree: Tree = ["a": 1]
        for path in ["a.b", "x.y", "x", "a.b.c"] {
            tree[path] = nil
            #expect(tree == ["a": 1], "\(path)")
        }
        var leaf = Tree.integer(3)
        leaf["a"] = nil
        #expect(leaf == 3)
    }

    @Test("Differences turn the old tree into the new one, and are the same both ways")
    func differences() {
        var random = RandomChoices(state: 22)
        for _ in 0..<300 {
            let (old, new) = (Self.section(&random, 3), Self.section(&random, 3))
            let found = Tree.differences(old, new)
            var patched = old
            for (path, _, value) in found { patched[path] = value }
            #expect(Self.values(patched) == Self.values(new))
            #expect(found.map(\.path) == found.map(\.path).sorted())
            let back = Tree.differences(new, old)
            #expect(back.map(\.path) == found.map(\.path))
            #expect(zip(back, found).allSatisfy { $0.old == $1.new && $0.new == $1.old && $0.old != $0.new })
            #expect(Tree.differences(old, old).isEmpty)
        }
    }

    @Test("A section keeps the order of its keys through changes; a removed key comes last when it is set again")
    func order() {
        var map: Tree.Map = ["b": 1, "a": 2, "b": 3]
        #expect(map.keys == ["b", "a"] && map["b"] == 3)
        map["b"] = nil
        map["b"] = 4
        #expect(map.keys == ["a", "b"] && map == ["b": 4, "a": 2])
        map["none"] = nil
        #expect(map.keys == ["a", "b"] && Tree.Map(["z": 1, "y": 2]).keys == ["y", "z"])
    }
}
