"""Swift taken apart as far as the guards need it: code without strings and comments, declarations, and uses of names.

No parser: brackets, keywords and names, on text whose strings and comments are blank. Code inside `\\(...)` stays.
"""
import bisect
import re
from dataclasses import dataclass

OPENING = re.compile(r'//|/\*|#*"""|#*"|#/|[()]')
TOKEN = re.compile(
    r"[{}()]|(?<![.\w`])(?:struct|class|enum|protocol|actor|extension|typealias|associatedtype|func|var|let|init|"
    r"subscript|deinit|case)\b(?![ \t]*:)")
USE = re.compile(r"(\.?)\b([A-Za-z_]\w*)\b(?=(\s*[({])?)")
ACCESS = re.compile(r"\b(public|open|package|internal|fileprivate|private)\b(?!\(set\))")
TYPE_KINDS = {"struct", "class", "enum", "protocol", "actor"}
SCOPE_KINDS = TYPE_KINDS | {"extension"}
FUNCTION_KINDS = {"func", "init", "subscript", "deinit"}
NAME = re.compile(r"\s*(?:`(\w+)`|([A-Za-z_][\w.]*)|([^\s\w(<`]+))")


@dataclass
class Declaration:
    """One name that a file declares; `container` is empty at the top level, `end` is None without a body."""
    kind: str
    name: str
    line: int
    access: str
    container: tuple
    extends: bool = False  # stands in an extension
    requirement: bool = False  # stands in a protocol
    static: bool = False
    override: bool = False
    local: bool = False  # stands in a body
    end: int | None = None

    @property
    def shown(self):
        """How a report names it: `func Zoo.write`."""
        return f"{self.kind} {'.'.join((*self.container, self.name))}"

    @property
    def is_seen_elsewhere(self):
        """Whether other files can name it."""
        return not self.local and self.access not in ("private", "fileprivate")


def blanked(text):
    """The text with strings and comments overwritten by spaces, and the (kind, start, end) of each of these."""
    pieces, hidden = [], []
    _code(text, 0, False, pieces, hidden)
    return "".join(pieces), hidden


def _hide(text, start, end, kind, pieces, hidden):
    hidden.append((kind, start, end))
    pieces.append(re.sub(r"[^\n]", " ", text[start:end]))
    return end


def _code(text, start, nested, pieces, hidden):
    """Copies code from `start` to the end, or, nested, to the round bracket that closes an interpolation."""
    position, depth = start, 0
    while match := OPENING.search(text, position):
        mark, begin = match.group(), match.start()
        pieces.append(text[position:begin])
        if mark in "()":
            depth += 1 if mark == "(" else -1
            if nested and depth < 0:
                return begin
            pieces.append(mark)
            position = match.end()
        elif mark == "//":
            end = text.find("\n", begin)
            position = _hide(text, begin, len(text) if end < 0 else end, "comment", pieces, hidden)
        elif mark == "/*":
            position = _hide(text, begin, _block_comment_end(text, begin), "comment", pieces, hidden)
        elif mark == "#/":
            end = text.find("/#", match.end())
            position = _hide(text, begin, len(text) if end < 0 else end + 2, "pattern", pieces, hidden)
        else:
            position = _string(text, begin, mark, pieces, hidden)
    pieces.append(text[position:])
    return len(text)


def _block_comment_end(text, start):
    depth = 0
    for match in re.compile(r"/\*|\*/").finditer(text, start):
        depth += 1 if match.group() == "/*" else -1
        if depth == 0:
            return match.end()
    return len(text)


def _string(text, start, opening, pieces, hidden):
    """Blanks a literal; what is interpolated stays as code."""
    hashes = opening.count("#")
    quotes = opening[hashes:]
    escape = "\\\\" + "#" * hashes
    line_end = "" if len(quotes) == 3 else "|\n"
    mark = re.compile(f"{escape}\\(|{escape}[\\s\\S]|{quotes}{'#' * hashes}{line_end}")
    begin, position = start, start + len(opening)
    while match := mark.search(text, position):
        position = match.end()
        if match.group().endswith("(") and match.group().startswith("\\"):
            _hide(text, begin, position, "string", pieces, hidden)
            position = begin = _code(text, position, True, pieces, hidden)
        elif not match.group().startswith("\\"):
            return _hide(text, begin, position, "string", pieces, hidden)
    return _hide(text, begin, len(text), "string", pieces, hidden)


class Lines:
    """Line numbers, from 1, of positions in a text."""

    def __init__(self, text):
        self.starts = [0] + [match.end() for match in re.finditer("\n", text)]

    def __call__(self, position):
        return bisect.bisect_right(self.starts, position)


def declarations(code):
    """Every type, function, property and case of blanked code, in order."""
    return _Declarations(code).found


class _Declarations:
    """One walk over brackets and keywords; a scope is the declaration of a type, or None for a body or a closure."""

    def __init__(self, code):
        self.code, self.line = code, Lines(code)
        self.found, self.scopes, self.pending, self.round = [], [], None, 0
        for match in TOKEN.finditer(code):
            mark = match.group()
            if mark in "()":
                self.round += 1 if mark == "(" else -1
            elif mark == "{":
                self.open(match.start())
            elif mark == "}":
                self.close(match.start())
            else:
                self.declare(mark, match.start(), match.end())

    def open(self, position):
        scope, ours = (None, None), self.pending and self.pending[1] == self.round
        if ours:
            declaration, _, end = self.pending
            is_value = declaration.kind in ("var", "let") and re.search(r"(?<![=!<>])=(?!=)", self.code[end:position])
            if declaration.kind in SCOPE_KINDS:
                scope = (declaration, declaration)
            elif not is_value:
                scope = (None, declaration)
        self.scopes.append(scope)
        self.pending = None if ours else self.pending  # a closure among a function's defaults does not end its head

    def close(self, position):
        if self.pending and self.pending[1] == self.round:
            self.pending = None
        if self.scopes:
            _, declaration = self.scopes.pop()
            if declaration:
                declaration.end = self.line(position)

    def declare(self, kind, start, end):
        outer = [scope for scope, _ in self.scopes]
        local = None in outer
        if (kind in ("var", "let", "case") and (local or self.round)) or (local and kind in FUNCTION_KINDS - {"func"}):
            return
        before = re.search(r"[^\n{};]*$", self.code[max(0, start - 200):start]).group()
        if kind == "class" and re.match(r"\s+(?:func|var|let|subscript)\b", self.code[end:end + 20]):
            return
        modifiers = before.split()
        inner = outer[-1] if outer else None
        for name in self.names(kind, end):
            declaration = Declaration(
                kind, name, self.line(start), self.access(kind, before, outer), tuple(s.name for s in outer if s),
                extends=bool(inner and inner.kind == "extension"), static="static" in modifiers or "class" in modifiers,
                requirement=bool(inner and inner.kind == "protocol"), override="override" in modifiers, local=local)
            self.found.append(declaration)
            if kind not in ("typealias", "associatedtype", "case"):
                self.pending = (declaration, self.round, end)

    def names(self, kind, end):
        if kind in FUNCTION_KINDS - {"func"}:
            return [kind]
        if kind in ("var", "let", "case"):
            return self.listed(kind, end)
        match = NAME.match(self.code, end)
        return [next(g for g in match.groups() if g)] if match else []

    def listed(self, kind, end):
        """`case a(Int), b = 2` and `let a, b: Int`: several names of one keyword."""
        depth, text = 0, []
        for mark in self.code[end:end + 2000]:
            if mark in "([<":
                depth += 1
            elif mark in ")]>":
                depth -= 1
            elif mark == "{" or (mark == "\n" and depth == 0 and "".join(text).strip()[-1:] not in ("", ",")):
                break
            elif depth == 0:
                text.append(mark)
        parts = "".join(text).split(",")
        if kind != "case" and "=" in parts[0]:
            parts = parts[:1]  # what follows belongs to the value
        names = (re.match(r"\s*`?([A-Za-z_]\w*)", part) for part in parts)
        return [match.group(1) for match in names if match]

    @staticmethod
    def access(kind, before, outer):
        found = ACCESS.search(before)
        types = [scope for scope in outer if scope]
        if any(scope.access in ("private", "fileprivate") for scope in types):
            return "private"
        if found:
            return "public" if found.group(1) == "open" else found.group(1)
        inherits = types and (kind == "case" or types[-1].kind in ("protocol", "extension"))
        return types[-1].access if inherits else "internal"


def uses(code):
    """(name, position, whether a dot stands before it, whether it is called) of every name of blanked code."""
    return [(m.group(2), m.start(2), bool(m.group(1)), m.group(3) is not None) for m in USE.finditer(code)]
