"""The files of the house, by room, each read and taken apart once."""
import pathlib
from functools import cached_property

from . import swift

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent


class SourceFile:
    """A Swift or C file below Sources, Tests or Benchmarks/Sources."""

    def __init__(self, root, path):
        self.path = path
        self.name = str(path.relative_to(root))
        parts = path.relative_to(root).parts
        parts = parts[1:] if parts[0] == "Benchmarks" else parts
        self.part = path.relative_to(root).parts[0]
        self.room = parts[1]
        self.inside = parts[2:]  # folders and file name inside the room
        self.text = path.read_text(encoding="utf-8", errors="replace")
        self.is_swift = path.suffix == ".swift"

    @cached_property
    def lines(self):
        return len(self.text.splitlines())

    @cached_property
    def _blanked(self):
        return swift.blanked(self.text) if self.is_swift else (self.text, [])

    @property
    def code(self):
        return self._blanked[0]

    @property
    def hidden(self):
        """(kind, start, end) of each comment and string."""
        return self._blanked[1]

    @cached_property
    def declarations(self):
        return swift.declarations(self.code) if self.is_swift else []

    @cached_property
    def uses(self):
        return swift.uses(self.code)

    @cached_property
    def names(self):
        """Every name in the code."""
        return {name for name, _, _, _ in self.uses}

    @cached_property
    def line(self):
        return swift.Lines(self.text)


class House:
    """All files; a room of system headers alone (a module map) is left out."""

    def __init__(self, root):
        self.root = root
        patterns = ("Sources/**/*", "Tests/**/*", "Benchmarks/Sources/**/*")
        found = sorted(path for pattern in patterns for path in root.glob(pattern) if path.is_file())
        self.files = [SourceFile(root, path) for path in found if self._counts(path.relative_to(root))]

    def _counts(self, path):
        inside = path.suffix in (".swift", ".c", ".h") and len(path.parts) > 2 and "Fixtures" not in path.parts
        return inside and not (self.root / path.parts[0] / path.parts[1] / "module.modulemap").exists()

    def of(self, part):
        """The files below `Sources`, `Tests` or `Benchmarks`."""
        return [file for file in self.files if file.part == part]

    def rooms(self, part="Sources"):
        """Room to files, in order of names."""
        rooms = {}
        for file in self.of(part):
            rooms.setdefault(file.room, []).append(file)
        return rooms


def root_argument(parser):
    """Adds the optional folder that a guard looks at: another checkout, for comparison."""
    parser.add_argument("folder", nargs="?", type=pathlib.Path, default=ROOT, help="a checkout (this one)")
