"""What differs between two recordings of Scripts/golden, up to a table of named rules (Scripts/golden_renames.json).

The table is {"rules": {name: rule}}; a rule says why it stands there, and any of
  keys     {"old": "new"}: a key of JSON, a file, a group, data set or attribute that has another name; an old name with
           a * is a pattern of places as printed
  values   [["old", new], ...]: a JSON value in place of another
  texts    {"old": "new"}: words in texts and output, in this order; where one occurs, tables (not of pages)
           may be spaced otherwise
  added    patterns (* for anything) of keys, or of places as printed, that may be new; removed: that may be gone
  moved    [[places of objects, "list.of.rows", "list.of.*.points"], ...]: each row's values now stand in the point of
           the same number and are compared there; what both had must have been equal. copied: the rows are still there
  follows  patterns of what is computed from its neighbours (a checksum of names): it may differ where something of the
           same file or object was renamed, added or removed by this table, and nowhere else
What a rule names is allowed, not demanded: after the comparison stands how often each was used.
"""
import collections
import difflib
import json
import re

KINDS = ("keys", "values", "texts", "added", "removed", "moved", "copied", "follows")


class TableError(Exception):
    """The table says what this script cannot read."""


class Rules:
    """The table, by kind: each entry with the name of its rule."""

    def __init__(self, table):
        if not isinstance(table, dict) or not isinstance(table.get("rules"), dict):
            raise TableError("expected {\"rules\": {name: rule}}")
        for name, rule in table["rules"].items():
            if not rule.get("why") or set(rule) - {"why", *KINDS}:
                raise TableError(f"{name}: expected \"why\" and any of {', '.join(KINDS)}")
        self.names = list(table["rules"])
        for kind in KINDS:
            entries = []
            for name, rule in table["rules"].items():
                found = rule.get(kind, [])
                entries += [(entry, name) for entry in (found.items() if isinstance(found, dict) else found)]
            setattr(self, kind, entries)
        self.added, self.removed, self.follows = (
            [(pattern(text), name) for text, name in entries] for entries in (self.added, self.removed, self.follows))
        self.places = [(pattern(old), new, name) for (old, new), name in self.keys if "*" in old]
        self.keys = {old: (new, name) for (old, new), name in self.keys}
        self.joins = [(pattern(place), rows, points, stays, name)
                      for entries, stays in ((self.moved, False), (self.copied, True))
                      for (place, rows, points), name in entries]


class Comparison:
    def __init__(self, rules):
        self.rules, self.used = rules, collections.Counter()
        self.differences, self.compared = [], 0

    def tell(self, place, what):
        self.differences.append(f"{place}: {what}")

    def renamed(self, key, place):
        """The key as it is called now, and the rule's name: the place is looked up, then the whole key, then every
        name between / and @."""
        for old, new, rule in self.rules.places:
            if old.fullmatch(place):
                return new, rule
        if key in self.rules.keys:
            return self.rules.keys[key]
        parts = [self.rules.keys.get(part, (part, None)) for part in re.split(r"([/@])", key)]
        return "".join(part for part, _ in parts), next((rule for _, rule in parts if rule), None)

    def allowed(self, patterns, key, place):
        rule = next((rule for pattern, rule in patterns if pattern.fullmatch(key) or pattern.fullmatch(place)), None)
        self.used[rule] += rule is not None
        return rule is not None

    def compare(self, before, after, place=""):
        if isinstance(before, dict) and isinstance(after, dict):
            self.dictionaries(self.joined(before, after, place), after, place)
        elif isinstance(before, list) and isinstance(after, list):
            if len(before) != len(after):
                self.tell(place, f"{len(before)} entries before, {len(after)} after")
            for index, pair in enumerate(zip(before, after)):
                self.compare(*pair, f"{place}.{index}")
        elif isinstance(before, str) and isinstance(after, str):
            self.compared += 1
            self.text(before, after, place)
        else:
            self.compared += 1
            same = before == after or (before != before and after != after)
            if not (same and isinstance(before, bool) == isinstance(after, bool)):
                self.other(before, after, place)

    def dictionaries(self, before, after, place):
        left, excused, last = dict(after), sum(self.used.values()), []
        for key, value in before.items():
            here = f"{place}.{key}" if place else key
            name, rule = (key, None) if key in after else self.renamed(key, here)
            if name not in left:
                if not self.allowed(self.rules.removed, key, here):
                    self.tell(here, f"gone; was {short(value)}")
                continue
            self.used[rule] += rule is not None
            if any(pattern.fullmatch(key) for pattern, _ in self.rules.follows):
                last.append((key, value, left.pop(name), here))
            else:
                self.compare(value, left.pop(name), here)
        for key, value in left.items():
            here = f"{place}.{key}" if place else key
            if not self.allowed(self.rules.added, key, here):
                self.tell(here, f"new: {short(value)}")
        excused = sum(self.used.values()) - excused
        for key, value, now, here in last:
            if not excused:
                self.compare(value, now, here)
            elif value != now:
                self.allowed(self.rules.follows, key, here)

    def joined(self, before, after, place):
        """The object before, with the values of moved rows where they stand after."""
        for places, rows, points, stays, rule in self.rules.joins:
            if not places.fullmatch(place):
                continue
            path, number = rows.split("."), len(self.differences)
            found, now = parts_at(before, [*path, "*"]), parts_at(after, points.split("."))
            before = json.loads(json.dumps(before))
            targets = parts_at(before, points.split("."))
            gained = {key for row, target in zip(found, targets) for key in row.keys() - target.keys()}
            if not any(gained & point.keys() for point in now) or (not stays and parts_at(after, path)):
                continue   # the rows are where they were
            if len(targets) != len(found):
                self.tell(f"{place}.{rows}", f"{len(found)} entries before, but {len(targets)} of {points}")
            for row, target in zip(found, targets):
                for key in sorted(row.keys() & target.keys()):
                    if row[key] != target[key]:
                        self.tell(f"{place}.{rows}", f"{key}: {short(row[key])}, but {short(target[key])} in {points}")
                target.update(row)
                self.used[rule] += 1
            if not stays and len(self.differences) == number:
                del parts_at(before, path[:-1])[0][path[-1]]
        return before

    def other(self, before, after, place):
        for (old, new), rule in self.rules.values:
            if before == old and type(before) is type(old) and after == new and type(after) is type(new):
                self.used[rule] += 1
                return
        self.tell(place, f"{short(before)} before, {short(after)} after")

    def text(self, before, after, place):
        if before == after:
            return
        now, used = before, set()
        for (old, new), rule in self.rules.texts:
            if old in now:
                now = now.replace(old, new)
                used.add(rule)
        if now == after or (used and "</" not in now and spaced_alike(now) == spaced_alike(after)):
            self.used.update(used)
            return
        if "\n" not in before and "\n" not in after:
            return self.other(before, after, place)
        lines = difflib.unified_diff(now.splitlines(), after.splitlines(), n=0, lineterm="")
        shown = [line[:300] for line in list(lines)[2:] if line[:2] != "@@"]
        more = [f"... and {len(shown) - 40} more lines"] if len(shown) > 40 else []
        self.tell(place, "\n    ".join(["other text", *shown[:40], *more]))


def pattern(text):
    return re.compile(re.escape(text).replace(r"\*", ".*"), re.DOTALL)


def parts_at(value, path):
    """What stands at a path of keys, where * is every entry of a list; nothing where the path breaks off."""
    found = [value]
    for key in path:
        if key == "*":
            found = [entry for part in found if isinstance(part, list) for entry in part]
        else:
            found = [part[key] for part in found if isinstance(part, dict) and key in part]
    return found


def spaced_alike(text):
    """The text with one space for many and one rule for long ones: columns are as wide as the words in them."""
    return re.sub(r"--+", "--", re.sub(r"[ \t]+", " ", text))


def short(value):
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 200 else text[:200] + "..."


def compare(before, after, table):
    rules = Rules(table)
    comparison = Comparison(rules)
    comparison.compare(before["works"], after["works"])
    for difference in comparison.differences:
        print(difference)
    used = [(name, comparison.used[name]) for name in rules.names if comparison.used[name]]
    for name, count in used:
        print(f"golden: {count} by \"{name}\": {table['rules'][name]['why']}")
    count, works = len(comparison.differences), len(before["works"])
    if count:
        touched = {difference.split(".")[0].split(":")[0] for difference in comparison.differences}
        print(f"golden: {count} difference{'s' * (count > 1)} in {len(touched)} of {works} works")
    else:
        files = sum(len(work["files"]) for work in before["works"].values())
        print(f"golden: nothing differs{' up to the table' if used else ''}: "
              f"{works} works, {files} files, {comparison.compared} values")
    return 1 if count else 0
