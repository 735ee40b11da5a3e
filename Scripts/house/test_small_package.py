"""Tests of the package of a few rooms: python3 -m unittest discover -s Scripts/house -t Scripts"""
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
from house import small_package  # noqa: E402

MANIFEST = '''
let package = Package(
    targets: [
        .systemLibrary(name: "CZlib", pkgConfig: "zlib"),
        .target(name: "Low", exclude: ["README.md"]),
        .target(
            name: "High", dependencies: ["Low", "CZlib", .target(name: "CMPI", condition: .when(traits: ["MPI"]))],
            exclude: ["README.md"]),
        .target(name: "Other", dependencies: ["Low"]),

        // Tests
        .target(name: "Support", dependencies: ["Low"], path: "Tests/Support"),
        .testTarget(name: "HighTests", dependencies: ["High", "Support"]),
        .testTarget(name: "OtherTests", dependencies: ["Other"]),
    ]
)
'''


class SmallPackageTests(unittest.TestCase):
    def test_targets_are_read_with_their_paths(self):
        found = small_package.targets(MANIFEST)
        self.assertEqual(found["High"], ("target", ["Low", "CZlib"], "Sources/High", True))
        self.assertEqual(found["Support"], ("target", ["Low"], "Tests/Support", False))
        self.assertEqual(found["HighTests"], ("testTarget", ["High", "Support"], "Tests/HighTests", False))

    def test_a_room_brings_what_it_stands_on_and_nothing_else(self):
        found = small_package.targets(MANIFEST)
        self.assertEqual(small_package.closure(["HighTests"], found), ["Low", "High", "Support", "HighTests"])

    def test_a_package_is_written_with_the_libraries_that_it_needs(self):
        with tempfile.TemporaryDirectory() as name:
            root, folder = pathlib.Path(name) / "root", pathlib.Path(name) / "small"
            root.mkdir()
            folder.mkdir()
            (root / "Package.swift").write_text(MANIFEST)
            self.assertEqual(small_package.write(root, folder, ["High"]), ["HighTests"])
            text = (folder / "Package.swift").read_text()
            self.assertIn('.systemLibrary(name: "CZlib", path: "Sources/CZlib", pkgConfig: "zlib")', text)
            self.assertNotIn("Other", text)
            with self.assertRaises(KeyError):
                small_package.write(root, folder, ["Nowhere"])

    def test_every_test_target_of_this_package_is_found(self):
        root = pathlib.Path(__file__).resolve().parent.parent.parent
        found = small_package.targets((root / "Package.swift").read_text())
        names = [path.name for path in (root / "Tests").iterdir() if path.name.endswith("Tests")]
        self.assertEqual(sorted(names), sorted(name for name in found if name.endswith("Tests")))
        for name in set(names) - {"LaboratoryTests", "CommandTests"}:  # these need packages from elsewhere
            self.assertEqual(small_package.closure([name], found)[-1], name)


if __name__ == "__main__":
    unittest.main()
