"""Sizes and documentation: what `size-report` counts."""
import re
from dataclasses import dataclass, field

from . import folders
from .swift import FUNCTION_KINDS

# Documented by the protocols of the standard library that ask for them.
WITNESSES = {
    "hash", "encode", "description", "debugDescription", "errorDescription", "startIndex", "endIndex", "index", "==",
    "<", "deinit",
}


def quantile(values, share):
    """The value below which `share` of them lie; 0 of none."""
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0


def share_under(values, limit):
    """Percent of the values that are less than `limit`."""
    return 100 * sum(value < limit for value in values) / len(values) if values else 0.0


@dataclass
class Room:
    """The figures of one room."""
    name: str
    sizes: list
    circles: int = 0
    widest: tuple = (0, "")  # files of the package whose types one file names, and that file's name

    @classmethod
    def joined(cls, name, rooms):
        """All files of several rooms, and their circles."""
        return cls(name, [size for room in rooms for size in room.sizes], sum(room.circles for room in rooms))

    def row(self):
        count, widest = self.widest
        return [
            self.name, str(len(self.sizes)), str(sum(self.sizes)), str(quantile(self.sizes, 0.5)),
            str(quantile(self.sizes, 0.95)), str(max(self.sizes, default=0)), f"{share_under(self.sizes, 30):.0f} %",
            str(self.circles), f"{count} {widest}" if count else "",
        ]


@dataclass
class Figures:
    """The whole house."""
    rooms: list = field(default_factory=list)  # of Sources
    tests: list = field(default_factory=list)
    functions: list = field(default_factory=list)  # (length, place, name)
    files: list = field(default_factory=list)  # (length, place)
    bare: list = field(default_factory=list)
    thin: list = field(default_factory=list)
    circles: list = field(default_factory=list)  # (title, uses)
    swift_lines: dict = field(default_factory=dict)


def measured(house, by_nature):
    """All figures; `by_nature` maps a room to arrows between its folders that are not counted."""
    figures = Figures()
    homes = _homes(house)
    rooms = house.rooms()
    for room, files in rooms.items():
        others = [file for other in rooms if other != room for file in rooms[other]]
        found = list(folders.circles(files, others, by_nature.get(room, ())))
        figures.circles += [(title(room, level, order), against) for level, order, against in found]
        widest = max((_fan_out(file, homes) for file in files if file.is_swift), default=(0, ""))
        figures.rooms.append(Room(room, [file.lines for file in files], len(found), widest))
    figures.tests = [Room(room, [file.lines for file in files]) for room, files in house.rooms("Tests").items()]
    for file in house.of("Sources") + house.of("Tests"):
        figures.files.append((file.lines, file.name))
        figures.swift_lines[file.part] = figures.swift_lines.get(file.part, 0) + (file.lines if file.is_swift else 0)
        figures.functions += [
            (d.end - d.line + 1, f"{file.name}:{d.line}", d.shown)
            for d in file.declarations if d.kind in FUNCTION_KINDS and d.end
        ]
        if file.part == "Sources" and file.is_swift:
            _documentation(file, figures)
    return figures


def title(room, level, order):
    """`ModelZoo/Formats: Folder < RayTune`, lowest folder first."""
    return f"{'/'.join((room, *level))}: {' < '.join(order)}"


def _homes(house):
    """Type names that exactly one file of Sources declares, and that file."""
    homes = {}
    for file in house.of("Sources"):
        for d in file.declarations:
            if d.kind in folders.TYPES and d.is_seen_elsewhere:
                homes.setdefault(d.name, set()).add(file.name)
    return {name: next(iter(found)) for name, found in homes.items() if len(found) == 1}


def _fan_out(file, homes):
    return len({homes[name] for name in file.names if name in homes} - {file.name}), file.inside[-1]


def _documentation(file, figures):
    """Public declarations, requirements of public protocols too, without a doc comment or with three words at most."""
    lines = file.text.split("\n")
    for d in file.declarations:
        if d.access != "public" or d.kind in ("extension", "case") or d.name in WITNESSES or d.local:
            continue
        words = _documented_words(lines, d.line - 1)
        if words is None and not d.override:
            figures.bare.append(f"{file.name}:{d.line}: {d.shown}")
        elif words is not None and len(words) <= 3:
            figures.thin.append(f"{file.name}:{d.line}: {d.shown}: {' '.join(words)}")


def _documented_words(lines, index):
    """The words of the doc comment above a line (attributes may stand between), or None without one."""
    above = index - 1
    while above >= 0 and re.match(r"\s*(@|#if|#else|#endif)", lines[above]):
        above -= 1
    if above >= 0 and re.search(r"\*/\s*$", lines[above]):
        return ["block"] * 4
    words = []
    while above >= 0 and (match := re.match(r"\s*///(.*)", lines[above])):
        words = match.group(1).split() + words
        above -= 1
    return words or None
