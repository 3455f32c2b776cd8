"""A bar chart as SVG, readable on a light and on a dark page."""

from collections.abc import Iterator, Mapping
from xml.sax.saxutils import escape

from benchmarks.rounds import Cells, short

COLORS = {
    "floor": "#8a8f98",
    "ours": "#1f8a5b",
    "database": "#c3c7ce",
    "vanilla": "#d97b29",
    "mercurius": "#4b74d1",
    "postgraphile": "#9a5cc0",
}
WIDTH, LEFT, RIGHT, TOP = 860, 60, 20, 74
BAR, GAP, SPACE, SCALE = 18, 4, 22, 2.0
FONT = 'font-family="sans-serif" font-size="12"'
LONGEST = WIDTH - LEFT - RIGHT - 60


def bars(groups: Mapping[str, Cells], titles: Mapping[str, str], title: str) -> str:
    """A group of bars for each query; the whisker is the spread over all rounds, the line the floor."""
    names = [name for name in next(iter(groups.values())) if name != "floor"]
    height = TOP + len(groups) * (len(names) * (BAR + GAP) + SPACE) + 10
    body = [*_legend(names, titles), *_groups(groups, names), *_floor_line(height)]
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" {FONT}>',
            f'<rect width="{WIDTH}" height="{height}" fill="#ffffff"/>',
            f'<text x="{LEFT}" y="24" font-size="16" fill="#1c2024">{escape(title)}</text>',
            *body,
            "</svg>\n",
        ]
    )


def _groups(groups: Mapping[str, Cells], names: list[str]) -> Iterator[str]:
    y = TOP
    for key, cells in groups.items():
        yield f'<text x="{LEFT - 12}" y="{y + 14}" text-anchor="end" font-weight="bold" fill="#1c2024">{key}</text>'
        for name in names:
            yield from _bar(name, cells[name].ratio, cells[name].spread, y)
            y += BAR + GAP
        y += SPACE


def _bar(name: str, ratio: float, spread: tuple[float, float], y: int) -> Iterator[str]:
    middle, length = y + BAR / 2, _length(ratio)
    least, greatest = (LEFT + _length(value) for value in spread)
    yield f'<rect x="{LEFT}" y="{y}" width="{max(1, length):.1f}" height="{BAR}" fill="{COLORS[name]}"/>'
    yield f'<line x1="{least:.1f}" x2="{greatest:.1f}" y1="{middle}" y2="{middle}" stroke="#1c2024"/>'
    label = short(ratio) if ratio <= SCALE else f"{short(ratio)} (cut)"
    place = max(LEFT + length, greatest) + 6
    yield f'<text x="{place:.1f}" y="{y + 14}" fill="#1c2024">{label}</text>'


def _legend(names: list[str], titles: Mapping[str, str]) -> Iterator[str]:
    x, y = LEFT, 46
    for name in names:
        wide = 22 + round(len(titles[name]) * 7)
        if x + wide > WIDTH - RIGHT:
            x, y = LEFT, y + 16
        yield f'<rect x="{x}" y="{y - 9}" width="10" height="10" fill="{COLORS[name]}"/>'
        yield f'<text x="{x + 15}" y="{y}" fill="#1c2024">{escape(titles[name])}</text>'
        x += wide + 8


def _floor_line(height: int) -> Iterator[str]:
    x = LEFT + _length(1)
    yield f'<line x1="{x}" x2="{x}" y1="{TOP - 6}" y2="{height - 10}" stroke="#1c2024" stroke-dasharray="4 3"/>'


def _length(ratio: float) -> float:
    return min(ratio, SCALE) / SCALE * LONGEST
