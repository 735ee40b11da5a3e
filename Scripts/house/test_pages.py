"""Tests of the guards of pages: Scripts/check-links, Scripts/check-snippets, Scripts/docc_pages.py."""
import pathlib
import subprocess
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import docc_pages  # noqa: E402
from house.test_house import script  # noqa: E402


class PageTests(unittest.TestCase):
    links, snippets = script("check-links"), script("check-snippets")

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = pathlib.Path(folder.name).resolve()
        subprocess.run(["git", "init", "--quiet", "."], cwd=self.root, check=True)

    def put(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")

    def linked(self):
        return list(self.links.findings(self.links.Checkout(self.root)))

    def test_links_that_lead_somewhere(self):
        self.put("README.md", "# A `b` c: d\n\n[here](#a-b-c-d), [there](Documentation/X.md#two), [a folder](Documentation)\n"
                 "![p](Documentation/p.png) [web](https://example.org/a(b)) `Scripts/run` `Scripts/other --flag`\n\n"
                 "    [none](in-a-block.md)\n\n```\n[none](in-a-fence.md)\n```\n`[none](in-code.md)`\n")
        self.put("Documentation/README.md", "[X](X.md)\n")
        self.put("Documentation/X.md", "# One\n\n## Two\n\n## Two\n\n[again](#two-1)\n")
        self.put("Documentation/p.png", "")
        self.put("Scripts/run", "")
        self.assertEqual(self.linked(), [])

    def test_links_that_lead_nowhere(self):
        self.put("README.md", "[a](a.md)\n[b](#b)\n[c](Documentation/X.md#c)\n`Scripts/none`\n[e](../x.md) [f](http:/x)\n")
        self.put("Documentation/README.md", "")
        self.put("Documentation/X.md", "# X\n")
        self.put("Sources/A/A.docc/A.md", "# A\n\n- <doc:B>\n- <doc:C>\n")
        self.put("Sources/A/A.docc/B.md", "# B\n")
        found = self.linked()
        self.assertEqual(
            sorted(finding.split(" ")[0] for finding in found),
            ["Documentation/README.md:1:", "README.md:1:", "README.md:2:", "README.md:3:", "README.md:4:", "README.md:5:",
             "README.md:5:", "Sources/A/A.docc/A.md:4:"])

    def test_snippets(self):
        self.put("Tests/T/A.swift", "// article\nlet a = 1\n// end\nstruct T {\n    // article\n    let b = 2\n\n"
                 "    var c: Int {\n        3\n    }\n    // end\n}\n")
        self.put("Sources/R/R.docc/A.md", "# A\n\n```swift\nlet a = 2\n```\n\n```swift\nlet b = 2\n```\n")
        found = list(self.snippets.findings(self.root))
        self.assertEqual(
            [finding.split(": ")[0] for finding in found],
            ["Sources/R/R.docc/A.md:3", "Sources/R/R.docc/A.md:7", "Tests/T/A.swift:1", "Tests/T/A.swift:5"])
        self.put("Sources/R/R.docc/A.md", "# A\n\n```swift\nlet a = 1\n```\n\n```swift\nlet b = 2\n```\n")
        self.assertEqual(list(self.snippets.findings(self.root, write=True)), [])
        self.assertIn("```swift\nlet b = 2\n\nvar c: Int {\n    3\n}\n```",
                      (self.root / "Sources/R/R.docc/A.md").read_text())

    def test_pages_as_articles(self):
        text = "[X](X.md), [X.md](X.md), [its part](X.md#two), [room](../Sources/A/README.md), [here](#a), [w](https://w.org)"
        self.assertEqual(
            docc_pages.linked(text, {"X.md"}),
            "[X](doc:X), <doc:X>, [its part](doc:X), room (`Sources/A/README.md`), here, [w](https://w.org)")


if __name__ == "__main__":
    unittest.main()
