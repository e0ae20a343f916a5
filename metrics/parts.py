"""The parts of a page, as the web client takes them: plain values alone."""

_EVENTS = "saas_billing_sync.saas_subscription_event_action"


def opening(name, domain, action=_EVENTS):
    """Return what a tile or a row opens: the list behind an action, with what is
    counted.

    :param name: the list's title.
    """
    terms = [list(term) if isinstance(term, tuple) else term for term in domain]
    return {"action": action, "name": name, "domain": terms}


def tile(name, label, value, text=None, opens=None, tone="", note=""):
    """Return a tile: a figure by itself.

    :param name: what tests and style sheets call it.
    :param value: the exact value, a whole number or a Decimal.
    :param text: the value as people read it.
    :param tone: ``danger``, ``warning``, ``success`` or empty.
    """
    return {
        "name": name,
        "label": label,
        "value": str(value),
        "text": str(value) if text is None else text,
        "opens": opens,
        "tone": tone,
        "note": note,
    }


def row(cells, opens=None, tone=""):
    """Return a row of a table: one text for each column."""
    return {"cells": [str(cell) for cell in cells], "opens": opens, "tone": tone}


def table(columns, rows, empty=""):
    """Return a table.

    :param columns: the head of each.
    :param empty: the sentence that stands where there are no rows.
    """
    return {"columns": columns, "rows": rows, "empty": empty}


def chart(labels, bars, lines=(), is_stacked=False):
    """Return a picture.

    :param bars: pairs of a name and its values, as many as there are labels.
    :param lines: pairs as well, drawn as lines on a scale of their own.
    :param is_stacked: whether bars of one label stand on each other.
    """
    series = [("bar", *pair) for pair in bars] + [("line", *pair) for pair in lines]
    return {
        "labels": labels,
        "stacked": is_stacked,
        "series": [
            {"kind": kind, "label": label, "values": [float(value) for value in values]}
            for kind, label, values in series
        ],
    }


def link(label, action):
    """Return a button that leads to another page.

    :param action: the external id of what it opens.
    """
    return {"label": label, "action": action}


def section(name, title, tiles=(), table=None, chart=None, links=()):
    """Return a part of a page below a title of its own."""
    return {
        "name": name,
        "title": title,
        "tiles": list(tiles),
        "table": table,
        "chart": chart,
        "links": list(links),
    }
