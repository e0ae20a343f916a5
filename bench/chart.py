"""The figures as a picture: how far each is past its goal, or short of it."""

from html import escape

WIDTH, ROW, TOP, BOTTOM = 800, 46, 64, 34
LEFT, RIGHT = 190, 150
#: The goal is in the middle; what is more than twice as good ends at the edge.
SCALE = 2.0
MET, MISSED, INK, FAINT = "#2a7f62", "#c2452d", "#222222", "#999999"


def draw(figures, title):
    """Return the figures as an SVG document."""
    height = TOP + ROW * len(figures) + BOTTOM
    goal = LEFT + (WIDTH - LEFT - RIGHT) / SCALE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{height}" '
        f'viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
        _text(16, 26, title, size=16),
    ]
    for number, figure in enumerate(figures):
        parts += _draw_row(figure, TOP + ROW * number)
    bottom = height - BOTTOM
    parts += [
        f'<line x1="{goal}" y1="{TOP - 14}" x2="{goal}" y2="{bottom}" '
        f'stroke="{INK}" stroke-dasharray="4 3"/>',
        _text(goal, TOP - 18, "goal", anchor="middle", size=12),
        _text(goal, bottom + 18, "worse ←   → better", anchor="middle", color=FAINT),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _draw_row(figure, y):
    """Yield the parts of one figure: its bar, a mark for each round, its words."""
    color = MET if figure.is_met else MISSED
    length = _place(figure.goal, figure.value) - LEFT
    yield _text(LEFT - 10, y + 18, figure.key, anchor="end")
    yield (
        f'<rect x="{LEFT}" y="{y + 4}" width="{length:.1f}" height="20" '
        f'fill="{color}"/>'
    )
    for value in figure.rounds:
        x = _place(figure.goal, value)
        yield (
            f'<line x1="{x:.1f}" y1="{y + 1}" x2="{x:.1f}" y2="{y + 27}" '
            f'stroke="{INK}"/>'
        )
    words = f"{figure.value:.3g}  (goal {figure.goal})"
    yield _text(WIDTH - RIGHT + 12, y + 18, words, color=color)
    yield _text(LEFT, y + 38, figure.goal.what, color=FAINT, size=11)


def _place(goal, value):
    """Return where a value stands: at the goal, and so many times as good of it."""
    good = value / goal.limit if goal.at_least else goal.limit / max(value, 1e-9)
    return LEFT + (WIDTH - LEFT - RIGHT) * min(good, SCALE) / SCALE


def _text(x, y, text, anchor="start", color=INK, size=13):
    return (
        f'<text x="{x}" y="{y}" text-anchor="{anchor}" fill="{color}" '
        f'font-size="{size}">{escape(text)}</text>'
    )
