"""The rooms of the addon and how they use each other, as a text and as a picture."""

from html import escape

CELL, ROW, LEFT, TOP, BOTTOM = 84, 34, 130, 118, 74
INK, FAINT, LINE = "#222222", "#777777", "#d8d8d8"
#: Towards a later room, and back to an earlier one.
ON, BACK, SELF = "#d5e8df", "#f6d5c9", "#eeeeee"
TITLE = "Who uses whom: a row's room uses a column's"


def write(rooms, imports, models):
    """Return the text: what each room uses, and which models it names."""
    lines = [
        "Which rooms of the addon use which. Written by `make lint FIX=1`.",
        "A star stands for the rest of a name that is put together when it is used.",
    ]
    for room in rooms:
        used = [other for other in rooms if _count(imports, models, room, other)]
        lines += ["", room if used else f"{room}: uses no other room"]
        for other in used:
            number, named = imports.get((room, other), 0), models.get((room, other), {})
            parts = [_say(number, "import", "imports")] if number else []
            if named:
                uses = sum(named.values())
                parts.append(_say(uses, "use of a model", "uses of models"))
            lines.append(f"    {other}: {', '.join(parts)}")
            lines += [f"        {name} {named[name]}" for name in sorted(named)]
    return "\n".join(lines) + "\n"


def draw(rooms, imports, models):
    """Return the picture as an SVG document: a table of the rooms by the rooms."""
    width = LEFT + CELL * len(rooms) + 24
    height = TOP + ROW * len(rooms) + BOTTOM
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" '
        f'viewBox="0 0 {width} {height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{width}" height="{height}" fill="white"/>',
        _text(16, 28, TITLE, size=16),
        _text(16, 50, "imports + uses of models by name", color=FAINT),
    ]
    for down, room in enumerate(rooms):
        y = TOP + ROW * down
        x = LEFT + CELL * down
        parts.append(_text(LEFT - 12, y + 22, room, anchor="end"))
        parts.append(_text(x + CELL / 2, TOP - 12, room, anchor="middle"))
        for across, other in enumerate(rooms):
            parts += _draw_cell(
                LEFT + CELL * across,
                y,
                imports.get((room, other), 0),
                sum(models.get((room, other), {}).values()),
                SELF if across == down else ON if across > down else BACK,
            )
    bottom = height - BOTTOM + 28
    for x, color, words in (
        (LEFT, ON, "uses a later room"),
        (LEFT + 190, BACK, "uses an earlier one"),
    ):
        parts.append(
            f'<rect x="{x}" y="{bottom}" width="16" height="16" fill="{color}"/>'
        )
        parts.append(_text(x + 24, bottom + 13, words, color=FAINT))
    return "\n".join([*parts, "</svg>"]) + "\n"


def _draw_cell(x, y, imported, named, color):
    """Yield the parts of a cell: filled where one room uses the other."""
    fill = color if imported or named or color == SELF else "white"
    yield (
        f'<rect x="{x}" y="{y}" width="{CELL}" height="{ROW}" fill="{fill}" '
        f'stroke="{LINE}"/>'
    )
    if imported or named:
        yield _text(x + CELL / 2, y + 22, f"{imported} + {named}", anchor="middle")


def _count(imports, models, room, other):
    return imports.get((room, other), 0) + len(models.get((room, other), {}))


def _say(number, one, many):
    return f"{number} {one if number == 1 else many}"


def _text(x, y, text, anchor="start", color=INK, size=13):
    return (
        f'<text x="{x:g}" y="{y}" text-anchor="{anchor}" fill="{color}" '
        f'font-size="{size}">{escape(text)}</text>'
    )
