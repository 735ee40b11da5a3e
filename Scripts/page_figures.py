#!/usr/bin/env python3
"""Draw the figure at the top of an experiment's page: accuracy against distance, or bars, as its own tables have them.

Experiments/NAME/figure.json says what is drawn, with the numbers of the page's tables; figure.svg beside it is the drawing.

    Scripts/page_figures.py            draws all of them
    Scripts/page_figures.py --check    says which drawings are not those of their numbers, and which numbers stand nowhere
                                       on the page; exit status 1 where any

{"title": "...", "accuracy": [least, most], "points": [{"name": "...", "kind": "generated", "accuracy": 96.25, "sd": 0.3,
"distance": 0.024}, ...]}. Kinds: zoo, fresh, generated, noise, average, gaussian, other. Distances are drawn on a scale that
is even up to 0.1 of a fresh network's distance and from there on, since near-copies crowd near 0.

{"title": "...", "unit": "%", "most": 100, "bars": [{"group": "...", "name": "...", "kind": "generated", "value": 93.8,
"sd": 1, "target": 90}, ...]} draws a bar a row: a `group` is a heading above its row, a `target` a line across it.
"""
import argparse
import json
import math
import pathlib
import re
import sys
from xml.sax.saxutils import escape

ROOT = pathlib.Path(__file__).resolve().parent.parent
WIDTH, HEIGHT = 720, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 20, 40, 52
TICKS = [0, 0.03, 0.1, 0.3, 0.5, 0.9, 1, 1.2]
KINDS = {  # colour, marker
    "zoo": ("#0072b2", "circle"), "fresh": ("#00875a", "square"), "generated": ("#c94a00", "diamond"),
    "noise": ("#a13d8a", "circle"), "average": ("#946000", "triangle"), "gaussian": ("#5b6470", "square"),
    "other": ("#5b6470", "triangle"),
}


def place(distance):
    """A distance on the axis, 0 to 1."""
    return math.asinh(distance / 0.05) / math.asinh(1.35 / 0.05)


def marker(kind, x, y):
    colour, shape = KINDS[kind]
    size = 6 if kind == "generated" else 4
    paths = {
        "circle": f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size}"',
        "square": f'<rect x="{x - size:.1f}" y="{y - size:.1f}" width="{2 * size}" height="{2 * size}"',
        "diamond": f'<path d="M{x:.1f} {y - size - 1:.1f}l{size + 1} {size + 1}-{size + 1} {size + 1}-{size + 1}-{size + 1}z"',
        "triangle": f'<path d="M{x:.1f} {y - size:.1f}l{size} {1.8 * size:.1f}h-{2 * size}z"',
    }
    return f'{paths[shape]} fill="{colour}"/>'


class Labels:
    """Names beside their marks, moved up or down where another name or a mark stands there."""

    def __init__(self, marks):
        self.taken = [(y, x - 7, x + 7) for x, y in marks]

    def put(self, name, kind, x, y):
        width = 6.4 * len(name) + 6
        right = x + 10 + width < WIDTH - RIGHT
        left = x + 10 if right else x - 10 - width
        row = y
        for step in (0, 14, -14, 28, -28, 42, -42, 56, -56):
            row = y + step
            if TOP < row < HEIGHT - BOTTOM and all(
                    abs(row - other) >= 12 or left + width < start or end < left for other, start, end in self.taken):
                break
        self.taken.append((row, left, left + width))
        weight = ' font-weight="600"' if kind == "generated" else ""
        line = "" if row == y else (
            f'<path d="M{x:.1f} {y:.1f}L{left - 2 if right else left + width:.1f} {row:.1f}" stroke="#b8bec6"/>')
        return (f'{line}<text x="{left if right else left + width:.1f}" y="{row + 4:.1f}" '
                f'text-anchor="{"start" if right else "end"}" fill="{KINDS[kind][0]}"{weight}>{escape(name)}</text>')


def drawing(figure):
    """The SVG of a figure."""
    least, most = figure["accuracy"]
    across, down = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(point):
        return (LEFT + place(point["distance"]) * across,
                TOP + (most - point["accuracy"]) / (most - least) * down)

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'font-family="system-ui, sans-serif" font-size="12" role="img"><title>{escape(figure["title"])}</title>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>',
        f'<text x="{LEFT}" y="24" font-size="14" font-weight="600" fill="#1b1f24">{escape(figure["title"])}</text>',
        f'<rect x="{LEFT + place(0.9) * across:.1f}" y="{TOP}" width="{(1 - place(0.9)) * across:.1f}" '
        f'height="{down}" fill="#e4f2ec"/>',
    ]
    step = next(s for s in (0.5, 1, 2, 5, 10, 20) if (most - least) / s <= 6)
    level = math.ceil(least / step) * step
    while level <= most:
        y = TOP + (most - level) / (most - least) * down
        parts.append(f'<path d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}" stroke="#e2e5e9"/><text x="{LEFT - 8}" y="{y + 4:.1f}" '
                     f'text-anchor="end" fill="#4a525c">{level:g} %</text>')
        level += step
    for tick in TICKS:
        x = LEFT + place(tick) * across
        parts.append(f'<path d="M{x:.1f} {TOP}V{HEIGHT - BOTTOM}" stroke="#e2e5e9"/>')
        if tick not in (0.9, 1.2):
            parts.append(f'<text x="{x:.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle" fill="#4a525c">{tick:g}</text>')
    parts.append(f'<text x="{LEFT + across / 2:.1f}" y="{HEIGHT - 12}" text-anchor="middle" fill="#1b1f24">distance to the '
                 'nearest zoo network (0: a copy, 1: as far as a fresh network; shaded: new)</text>')
    for point in figure["points"]:
        if sd := point.get("sd"):
            x, y = at(point)
            high, low = (min(max(y + s * sd / (most - least) * down, TOP), HEIGHT - BOTTOM) for s in (-1, 1))
            parts.append(f'<path d="M{x:.1f} {high:.1f}V{low:.1f}" stroke="{KINDS[point["kind"]][0]}" opacity="0.45"/>')
    parts += [marker(point["kind"], *at(point)) for point in figure["points"]]
    labels = Labels([at(point) for point in figure["points"]])
    for point in sorted(figure["points"], key=lambda p: (p["kind"] != "generated", p["kind"] not in ("zoo", "fresh"))):
        parts.append(labels.put(point["name"], point["kind"], *at(point)))
    return "\n".join(parts + ["</svg>", ""])


def bars(figure):
    """The SVG of a figure with a bar a row."""
    left, right, row, heading = 250, 96, 24, 26
    across = WIDTH - left - right
    parts, y, places = [], TOP + 6, []
    for bar in figure["bars"]:
        if group := bar.get("group"):
            parts.append(f'<text x="20" y="{y + 16}" font-weight="600" fill="#1b1f24">{escape(group)}</text>')
            y += heading
        colour, length = KINDS[bar["kind"]][0], bar["value"] / figure["most"] * across
        weight = ' font-weight="600"' if bar["kind"] == "generated" else ""
        spread = f' ± {bar["sd"]:g}' if "sd" in bar else ""
        parts += [
            f'<text x="{left - 10}" y="{y + 16}" text-anchor="end" fill="#1b1f24"{weight}>{escape(bar["name"])}</text>',
            f'<rect x="{left}" y="{y + 4}" width="{max(length, 1):.1f}" height="{row - 8}" fill="{colour}"/>']
        end = left + length
        if "target" in bar:
            x = left + bar["target"] / figure["most"] * across
            parts.append(f'<path d="M{x:.1f} {y + 1}v{row - 2}" stroke="#1b1f24" stroke-width="2"/>')
            end = max(end, x)
        parts.append(f'<text x="{end + 8:.1f}" y="{y + 16}" fill="#1b1f24"{weight}>{bar["value"]:g}{spread} '
                     f'{escape(figure["unit"])}</text>')
        places.append(y)
        y += row
    note = figure.get("note", "")
    height = y + (30 if note else 12)
    head = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="system-ui, sans-serif" font-size="12" role="img"><title>{escape(figure["title"])}</title>',
        f'<rect width="{WIDTH}" height="{height}" fill="#fff"/>',
        f'<text x="20" y="24" font-size="14" font-weight="600" fill="#1b1f24">{escape(figure["title"])}</text>',
        f'<path d="M{left} {places[0]}V{y}" stroke="#b8bec6"/>']
    tail = [f'<text x="20" y="{y + 20}" fill="#4a525c">{escape(note)}</text>'] if note else []
    return "\n".join(head + parts + tail + ["</svg>", ""])


def unfounded(figure, page):
    """Numbers of a figure that stand nowhere on its page."""
    numbers = {float(text) for text in re.findall(r"\d+(?:\.\d+)?", page)}
    for point in figure.get("points") or figure["bars"]:
        for key in ("accuracy", "sd", "distance", "value", "target"):
            if key in point and point[key] not in numbers:
                yield f"{point['name']}: {key} {point[key]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true", help="draw nothing")
    check = parser.parse_args().check
    found = 0
    for source in sorted(ROOT.glob("Experiments/*/figure.json")):
        figure, target = json.loads(source.read_text(encoding="utf-8")), source.with_suffix(".svg")
        svg, name = (bars if "bars" in figure else drawing)(figure), source.relative_to(ROOT).as_posix()
        for problem in unfounded(figure, (source.parent / "README.md").read_text(encoding="utf-8")):
            print(f"{name}:1: {problem} stands nowhere on the page")
            found += 1
        if not check:
            target.write_text(svg, encoding="utf-8")
        elif not target.is_file() or target.read_text(encoding="utf-8") != svg:
            print(f"{name}:1: figure.svg is not its drawing: run Scripts/page_figures.py")
            found += 1
    print(f"{found} findings" if found else "every figure is its page's")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
