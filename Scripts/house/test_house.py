"""The guards' own tests: python3 -m unittest discover -s Scripts/house -t Scripts"""
import contextlib
import importlib.machinery
import importlib.util
import io
import pathlib
import sys
import tempfile
import unittest
from unittest import mock

sys.dont_write_bytecode = True
from house import figures, folders, swift, tree, unused  # noqa: E402

SCRIPTS = pathlib.Path(__file__).resolve().parent.parent
SAMPLE = '''
public protocol Named { func title(_ x: Int) -> String
    /// Documented here.
    var width: Int { get } }
public enum Kind: String { case small(Int = 3), large, `default`
    case other }
public struct Box<T> where T: Named {
    public private(set) var size: Int = 4, rest = made { $0 }
    public init(progress: (Int) -> Void = { _ in let q = 1 }) {
        self.size = "\\(x.map { "a}\\(1)" }) {".count  // }
    }
    private struct Inner { let depth: Int }
    static func make() -> Self { func local() {}; let t = #"a "x" \\#(b) {"#; return .init() }
    var area: Int { 3 }
}
extension Box { public func more() { /* } */ } }
'''


def script(name):
    """A guard that has no ending .py, as a module."""
    loader = importlib.machinery.SourceFileLoader(name.replace("-", "_"), str(SCRIPTS / name))
    module = importlib.util.module_from_spec(importlib.util.spec_from_loader(loader.name, loader))
    loader.exec_module(module)
    return module


class HouseTests(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.root = pathlib.Path(scratch.name)

    def write(self, **files):
        """Files below Sources, `__` for a slash."""
        for name, text in files.items():
            self.put(f"Sources/{name.replace('__', '/')}.swift", text)
        return tree.House(self.root)

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def run_guard(self, name):
        output = io.StringIO()
        with mock.patch.object(sys, "argv", [name, str(self.root)]), contextlib.redirect_stdout(output), \
                self.assertRaises(SystemExit) as ended:
            script(name).main()
        return ended.exception.code, output.getvalue()

    def test_strings_and_comments_are_blank_and_what_is_interpolated_stays(self):
        code, hidden = swift.blanked('let a = "x {" + #"y " \\#(b { "}" })"# // {\n/* { /* */ } */ """\n{ \\(c)\n"""')
        self.assertEqual(" ".join(code.split()), "let a = + b { } c")
        self.assertEqual(code.count("\n"), 3)
        self.assertEqual([kind for kind, _, _ in hidden].count("comment"), 2)

    def test_declarations(self):
        found = {d.shown: d for d in swift.declarations(swift.blanked(SAMPLE)[0])}
        for shown, line, end, access in [
            ("func Named.title", 2, None, "public"), ("var Named.width", 4, 4, "public"),
            ("case Kind.large", 5, None, "public"), ("case Kind.default", 5, None, "public"),
            ("case Kind.other", 6, None, "public"), ("struct Box", 7, 15, "public"),
            ("var Box.size", 8, None, "public"),
            ("init Box.init", 9, 11, "public"), ("let Box.Inner.depth", 12, None, "private"),
            ("func Box.make", 13, 13, "internal"), ("var Box.area", 14, 14, "internal"),
            ("func Box.more", 16, 16, "public"),
        ]:
            self.assertEqual((found[shown].line, found[shown].end, found[shown].access), (line, end, access), shown)
        self.assertTrue(found["func Box.local"].local and found["func Box.more"].extends)
        self.assertNotIn("let Box.t", found)

    def test_a_circle_is_found_with_the_fewest_uses_against_its_order(self):
        house = self.write(
            Room__Low__A="struct A { let b: B? }", Room__High__B="struct B { }",
            Room__High__C="struct C { let a: A; let d: D }", Room__Low__D="struct D { }",
            Room__Own__E="struct E { let a: A }")
        (level, order, against), = folders.circles(house.files)
        self.assertEqual((level, order), ((), ["Low", "High"]))
        use, = against["Low", "High"]
        self.assertEqual(str(use), "Sources/Room/Low/A.swift:1: names B, declared in Sources/Room/High/B.swift")
        self.assertEqual(list(folders.circles(house.files, (), {("Low", "High")})), [])

    def test_nested_folders_members_and_names_of_two_folders(self):
        house = self.write(
            Room__X__P__A="extension Int { func doubled() -> Int { self * 2 } }\nlet one = 3.halved()",
            Room__X__Q__B="extension Int { func halved() -> Int { self / 2 } }\nlet two = 3.doubled()",
            Room__Y__C="struct Twice { }\nlet other: Shared", Room__X__P__D="struct Shared { let t: Twice }",
            Room__Z__E="struct Shared { }")
        self.assertEqual([found[:2] for found in folders.circles(house.files)], [(("X",), ["P", "Q"])])

    def test_a_method_that_an_extension_of_the_same_type_declares(self):
        house = self.write(
            Room__Run__A="struct Run { func all() { judge() } }",
            Room__Judge__B="extension Run { func judge() { all() } }",
            Room__Other__C="struct Other { func judge() { }; let r: Run }")
        (_, order, against), = folders.circles(house.files)
        self.assertEqual((sorted(order), [len(uses) for uses in against.values()]), (["Judge", "Run"], [1]))

    def test_documentation(self):
        house = self.write(Room__A=SAMPLE)
        found = figures.measured(house, {})
        self.assertIn("Sources/Room/A.swift:2: func Named.title", found.bare)
        self.assertNotIn("Sources/Room/A.swift:4: var Named.width", found.bare)
        self.assertEqual(found.thin, ["Sources/Room/A.swift:4: var Named.width: Documented here."])

    def test_unused(self):
        house = self.write(
            Low__A="public struct A { public func used() { }; public func mine() { }; func dead() { } }",
            Low__B="func b() { A().mine() }",
            High__C="let c: Void = A().used()\nlet d: Void = c\nfunc e() { e(); d; b() }")
        self.assertEqual(unused.inside_only(house), ["Sources/Low/A.swift:1: func A.mine"])
        self.assertEqual(unused.alone(house), ["Sources/Low/A.swift:1: func A.dead (never used)"])

    def test_arrows(self):
        self.write(
            Tensors__A="import Networks\npublic struct Twin { }",
            Networks__B="import Foundation\npublic struct Twin { }",
            Attic__C="import Tensors")
        self.put("Package.swift", """
            products: [.library(name: "L", targets: ["Tensors"])], targets: [
            .target(name: "Tensors"),
            .target(name: "Networks", dependencies: ["Tensors"], exclude: ["README.md"]),
            ]""")
        status, output = self.run_guard("check-arrows")
        self.assertEqual(status, 1)
        for finding in [
            "Sources/Tensors/A.swift:1: Tensors may not import Networks (it may: CKernels, COpenBLAS)",
            "Sources/Attic/C.swift:1: the room Attic has no line in", "Package.swift:1: no target Attic",
            "Package.swift:3: Tensors imports Networks and does not list it",
            "Package.swift:4: Networks lists Tensors, which no file of it imports",
            "Package.swift:2: the library does not offer Networks",
            "Sources/Networks/B.swift:2: public struct Twin has the name of another room's (Tensors)",
        ]:
            self.assertIn(finding, output)

    def test_words(self):
        self.write(
            Room__A='let heldOutLoss = 1\nlet p = "flow.held-out"\nlet weightSlope = 2\n// a leaky slope\n'
            'let x = threshold')
        self.put("README.md", "Held-out networks")
        status, output = self.run_guard("check-words")
        self.assertEqual(status, 1)
        self.assertEqual(
            [line.split(": ")[0] for line in output.splitlines()],
            ["Sources/Room/A.swift:1", "README.md:1", "Sources/Room/A.swift:3", "3 findings"])


if __name__ == "__main__":
    unittest.main()
