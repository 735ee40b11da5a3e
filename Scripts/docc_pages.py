"""Copy the pages of Documentation into a DocC catalogue: python3 Scripts/docc_pages.py CATALOGUE.docc

A page becomes an article of the same name, README.md the catalogue's root. Links from page to page become links between
articles; links to other files become the file's name as code, since they lie outside of the site. Pictures are copied.
"""
import pathlib
import re
import shutil
import sys

PAGES = pathlib.Path(__file__).resolve().parent.parent / "Documentation"
LINK = re.compile(r"(!?)\[([^\[\]]*)\]\(([^()\s]+)\)")
ROOT = "@Metadata {\n    @TechnologyRoot\n}\n"


def linked(text, names):
    """The text with its links as DocC has them."""

    def link(match):
        mark, title, target = match.groups()
        path, _, anchor = target.partition("#")
        if re.match(r"\w+:", target) or mark:
            return match.group()
        if not path:
            return title
        if path in names:
            return f"<doc:{pathlib.PurePosixPath(path).stem}>" if title == path else (
                f"[{title}](doc:{pathlib.PurePosixPath(path).stem})")
        return f"{title} (`{pathlib.PurePosixPath('Documentation', path).as_posix().replace('Documentation/../', '')}`)"

    return LINK.sub(link, text)


def article(page, names):
    """A page as an article."""
    title, _, rest = page.read_text(encoding="utf-8").partition("\n")
    return f"{title}\n{ROOT if page.name == 'README.md' else ''}{linked(rest, names)}"


def main():
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    catalogue = pathlib.Path(sys.argv[1])
    catalogue.mkdir(parents=True)
    pages = sorted(PAGES.glob("*.md"))
    names = {page.name for page in pages}
    for page in pages:
        name = "Pages.md" if page.name == "README.md" else page.name
        (catalogue / name).write_text(article(page, names), encoding="utf-8")
    for picture in PAGES.glob("*.png"):
        shutil.copy(picture, catalogue)


if __name__ == "__main__":
    main()
