"""Tests of Scripts/check-readme: how pages are taken apart and what is printed is compared."""
import sys
import unittest

sys.dont_write_bytecode = True
from house.test_house import script  # noqa: E402

PAGE = '''# Title

    a picture --> of a thing

Text.

    $ tool one \\
          --long      # why
    1 line

    of output
    $ tool two

## Next

An experiment, `mine.yaml`:

```yaml
zoo: 1
```

    Scripts/some --thing    # a comment
    weightspace run it
'''


class ReadmeTests(unittest.TestCase):
    readme = script("check-readme")

    def test_a_page_is_taken_apart(self):
        steps = [step for block in self.readme.blocks(PAGE) for step in self.readme.steps_of("README.md", block)]
        self.assertEqual(
            [(step.line, step.kind, step.command if step.kind == "command" else step.path) for step in steps],
            [(3, "picture", ""), (7, "command", "tool one --long"), (12, "command", "tool two"),
             (19, "file", "mine.yaml"), (22, "command", "Scripts/some --thing"), (23, "command", "weightspace run it")])
        self.assertEqual(steps[1].expected.split(), ["1", "line", "of", "output"])
        self.assertEqual([step.section for step in steps], ["Title"] * 3 + ["Next"] * 3)

    def test_a_block_of_text_is_a_picture_and_yaml_needs_a_name(self):
        text = "# T\n\n```text\nweightspace run x\n```\n\n```yaml\na: 1\n```\n"
        first, second = self.readme.blocks(text)
        self.assertEqual([step.kind for step in self.readme.steps_of("Documentation/X.md", first)], ["picture"])
        self.assertEqual(self.readme.steps_of("Experiments/x/README.md", second), [])
        with self.assertRaises(SystemExit):
            self.readme.steps_of("Documentation/X.md", second)

    def test_pages_stand_in_the_order_of_their_index(self):
        pages = self.readme.pages()
        self.assertEqual(pages[0], "README.md")
        index = (self.readme.ROOT / "Documentation/README.md").read_text(encoding="utf-8")
        names = [page for page in pages if page.startswith("Documentation/") and page != "Documentation/README.md"]
        self.assertEqual(names, sorted(names, key=lambda page: index.find(f"({page.removeprefix('Documentation/')})")))
        self.assertEqual(pages[1:len(names) + 2][-1], "Documentation/README.md")
        self.assertNotIn("Documentation/SHIFT.md", pages)

    def test_what_is_printed_is_compared(self):
        for page, printed, same in [
            ("zoo 100 97.22 ± 0.46 0.853", "zoo 100\n 97.40 ± 0.50 0.86", True),
            ("zoo 100 97.22 ± 0.46", "zoo 101 97.22 ± 0.46", False),
            ("zoo 97.22 ± 0.46", "zoo 90.22 ± 0.46", False),
            ("zoo 97.22 ± 0.46", "zoo 97.22 ± 1.46", False),
            ("difference 7.629e-06", "difference 1.144e-05", True),
            ("difference 7.629e-06", "difference 7.6e-04", False),
            ("--- ----", "----- ------", True),
            ("report: .../first/report.html", "report: /tmp/x/first/report.html", True),
            ("a ... z", "a b c z", True),
            ("a ... z", "a z", True),
            ("a ... z", "a b z c", False),
            ("a ... m ... z", "a b m c z", True),
            ("a ... m ... z", "a b c z", False),
            ("a b", "a b c", False),
            ("a b ...", "a", False),
        ]:
            difference = self.readme.first_difference(page, printed)
            self.assertEqual(difference is None, same, (page, printed, difference))


if __name__ == "__main__":
    unittest.main()
