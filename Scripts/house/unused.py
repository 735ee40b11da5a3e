"""Symbols that nobody names, by name alone: a name that is used for two things hides both."""
from collections import Counter

from .folders import TYPES

# Asked for by protocols and macros of the language and of packages: called without being named.
CALLED_BY_OTHERS = {
    "hash", "encode", "description", "debugDescription", "errorDescription", "CodingKeys", "configuration", "run",
    "validate", "makeIterator", "next", "startIndex", "endIndex", "index", "subscript", "init", "deinit", "main",
    "intValue", "stringValue", "hashValue", "id", "wrappedValue", "callAsFunction", "rawValue",
}
KINDS = TYPES | {"func", "var", "let"}


def _symbols(file, requirements):
    for d in file.declarations:
        is_name = d.name.isidentifier() and d.name not in CALLED_BY_OTHERS and d.name not in requirements
        if d.kind in KINDS and is_name and not d.local and not d.override and not _is_main(file, d):
            yield d


def _is_main(file, declaration):
    lines = file.text.split("\n")
    return any("@main" in line for line in lines[max(0, declaration.line - 2):declaration.line])


def _requirements(house):
    """Names that a protocol of the package asks for: a witness may be called through it."""
    return {d.name for file in house.of("Sources") for d in file.declarations if d.requirement}


def inside_only(house):
    """Public types, functions and properties that no other room, no benchmark and no command names."""
    requirements, rooms, rows = _requirements(house), house.rooms(), []
    names = {room: set().union(*(file.names for file in files)) for room, files in rooms.items()}
    benchmarks = set().union(*(file.names for file in house.of("Benchmarks")))
    for room, files in rooms.items():
        elsewhere = benchmarks.union(*(found for other, found in names.items() if other != room))
        rows += [
            f"{file.name}:{d.line}: {d.shown}" for file in files for d in _symbols(file, requirements)
            if d.access == "public" and not d.requirement and d.name not in elsewhere
        ]
    return rows


def alone(house):
    """Symbols of Sources that no other file names, tests included; those that their own file names once are marked.

    Symbols that are not public and are used in their file are left out: they may become private, and no more.
    """
    files = Counter(name for file in house.files for name in file.names)
    requirements, rows = _requirements(house), []
    for file in house.of("Sources"):
        own = Counter(name for name, _, _, _ in file.uses)
        for d in _symbols(file, requirements):
            if files[d.name] == 1 and (own[d.name] == 1 or d.access in ("public", "package")):
                rows.append(f"{file.name}:{d.line}: {d.shown}{' (never used)' if own[d.name] == 1 else ''}")
    return rows
