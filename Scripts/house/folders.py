"""Circles among the folders of a room.

At every level, two folders side by side are joined where a file below one names something that is declared below the
other. A file next to folders belongs to the folder around them and joins nothing at that level.
"""
from dataclasses import dataclass

TYPES = {"struct", "class", "enum", "protocol", "actor", "typealias"}
VALUES = {"func", "var", "let"}
# Names of members that the standard library and Foundation have too.
COMMON = set("""
    all any append contains count data debugDescription decode description encode exp filter first format hash index
    isEmpty isFinite isNaN joined keys last lines log makeIterator map max merge min name next path prefix read remove
    replace reset reversed shuffled sorted split sqrt start stop suffix sum text update validate value values write
    """.split())
FREE_FUNCTIONS = {"abs", "exp", "log", "max", "min", "print", "sqrt", "stride", "swap", "zip"}  # the standard library's


@dataclass(frozen=True)
class Use:
    """A file names something that another file declares."""
    file: str
    line: int
    name: str
    target: str

    def __str__(self):
        return f"{self.file}:{self.line}: names {self.name}, declared in {self.target}"


class _Names:
    """Which files of a room declare a name: its types, free functions, and the members that extensions add."""

    def __init__(self, files, others):
        self.types, self.nested, self.functions, self.members = {}, {}, {}, {}
        members = {d.name for file in others for d in file.declarations if d.container and not d.local}
        for file in files:
            for d in file.declarations:
                if d.local or d.kind not in TYPES | VALUES:
                    members |= set() if d.local else {d.name}
                elif d.kind in TYPES:
                    self._add(self.nested if d.container else self.types, d, file)
                elif d.container and not d.extends:
                    members.add(d.name)
                else:
                    self._add(self.members if d.container else self.functions, d, file)
        # Any other name will do where a file of the same type calls it without a dot.
        self.methods = {name: found for name, found in self.members.items() if name not in FREE_FUNCTIONS}
        self.members = {name: found for name, found in self.members.items() if name not in members | COMMON}

    @staticmethod
    def _add(table, declaration, file):
        if declaration.is_seen_elsewhere:
            table.setdefault(declaration.name, {})[file] = declaration.container

    def targets(self, file, extended, name, dotted, called):
        """The files that a use may mean: none, one, or more where it is not clear."""
        nested = {f: c for f, c in self.nested.get(name, {}).items() if dotted or extended & set(c)}
        if nested or name in self.nested and name not in self.types:
            return nested
        if name in self.types:
            return {} if dotted else self.types[name]
        if name in self.functions:
            return self.functions[name] if called and not dotted else {}
        if called and not dotted:
            return {f: c for f, c in self.methods.get(name, {}).items() if extended & set(c[-1:])}
        return self.members.get(name, {}) if dotted else {}


def edges(files, others=()):
    """(level, from, to) -> uses, for the files of one room; the level is the tuple of folders around both.

    Members that `others`, the files of other rooms, declare too are no evidence.
    """
    files = [file for file in files if file.is_swift]
    names, found = _Names(files, others), {}
    for file in files:
        own, seen = {d.name for d in file.declarations if d.kind != "extension"}, set()
        extended = {d.name for d in file.declarations if d.kind in TYPES | {"extension"}}
        for name, position, dotted, called in file.uses:
            if name in seen or name in own:
                continue
            targets = names.targets(file, extended, name, dotted, called)
            place = targets and _place(file, targets)
            if place:
                seen.add(name)
                target = min(targets, key=lambda t: t.name)
                found.setdefault(place, []).append(Use(file.name, file.line(position), name, target.name))
    return found


def _place(file, targets):
    """Where a use joins two folders, or None: inside one folder, ambiguous, or a file next to folders."""
    places = set()
    for target in targets:
        level = 0
        while level < min(len(file.inside), len(target.inside)) - 1 and file.inside[level] == target.inside[level]:
            level += 1
        if level in (len(file.inside) - 1, len(target.inside) - 1):
            return None
        places.add((file.inside[:level], file.inside[level], target.inside[level]))
    return places.pop() if len(places) == 1 else None


def circles(files, others=(), by_nature=()):
    """Each knot of folders: its level, the order of its folders that the fewest uses contradict, and those uses.

    `by_nature` holds (folder, folder) arrows that are not counted.
    """
    joined = {place: uses for place, uses in edges(files, others).items() if place[1:] not in by_nature}
    for level in sorted({place[0] for place in joined}):
        graph = {}
        for (around, source, target), uses in joined.items():
            if around == level:
                graph.setdefault(source, {})[target] = uses
                graph.setdefault(target, {})
        for knot in _knots(graph):
            order = _best_order(knot, graph)
            place = {folder: index for index, folder in enumerate(order)}
            against = {
                (a, b): graph[a][b] for a in order for b in graph[a] if b in place and place[b] > place[a]
            }
            yield level, order, against


def _knots(graph):
    """Sets of folders that reach one another, larger than one."""
    reached = {}
    for start in graph:
        found, open_ones = set(), [start]
        while open_ones:
            for following in graph[open_ones.pop()]:
                if following not in found:
                    found.add(following)
                    open_ones.append(following)
        reached[start] = found
    knots = {frozenset(b for b in reached[a] if a in reached[b]) for a in graph if a in reached[a]}
    return sorted((sorted(knot) for knot in knots if len(knot) > 1))


def _best_order(knot, graph):
    """The order, lowest folder first, in which the fewest uses point upwards: exact, over all subsets."""
    cost = [[len(graph[a].get(b, ())) for b in knot] for a in knot]
    best = {0: (0, ())}
    for size in range(len(knot)):
        following = {}
        for placed, (total, order) in best.items():
            above = [i for i in range(len(knot)) if not placed >> i & 1]
            for i in above:  # i is laid on the placed ones; it must not name what comes above
                candidate = (total + sum(cost[i][j] for j in above if j != i), order + (i,))
                key = placed | 1 << i
                if key not in following or candidate < following[key]:
                    following[key] = candidate
        best = following
    return [knot[i] for i in next(iter(best.values()))[1]]
