"""Has Odoo read Stripe's balance, and compare both sides, as a person would."""

import time

from .catalogue import MONTH, YEAR

#: How long a comparison may take that makes no progress, in seconds.
PATIENCE = 120
#: The last day of the month before is still September in New York; the last payouts
#: arrive in the next one.
FIRST, LAST = f"{YEAR}-{MONTH - 1:02d}-30", f"{YEAR}-{MONTH + 1:02d}-10"


def read_balance(api, sources, progress):
    """Press the button that reads all balance transactions; return how many events
    are left unprocessed.
    """
    ids = list(sources.values())
    api.call("saas.source", "action_pull_balance", ids=ids)
    pulled = ("external_id", "like", "pulled_txn_%")
    return api.wait_until_processed(progress, pulled)


def compare(api, sources, progress):
    """Compare each source with the books; return what came of it, by entity: the
    run's state, its lines and its differences.
    """
    runs = {name: _start(api, source) for name, source in sources.items()}
    _wait(api, list(runs.values()), progress)
    return {name: _read(api, run) for name, run in runs.items()}


def _start(api, source):
    [wizard] = api.call(
        "saas.reconciliation.start",
        "create",
        vals_list=[{"source_id": source, "date_from": FIRST, "date_to": LAST}],
    )
    action = api.call("saas.reconciliation.start", "action_start", ids=[wizard])
    return action["res_id"]


def _wait(api, runs, progress):
    last, since = None, time.monotonic()
    while True:
        rows = api.call(
            "saas.reconciliation", "read", ids=runs, fields=["state", "progress"]
        )
        now = int(sum(row["progress"] for row in rows))
        progress(now)
        if now != last:
            last, since = now, time.monotonic()
        is_over = all(row["state"] not in ("draft", "running") for row in rows)
        if is_over or time.monotonic() - since > PATIENCE:
            return
        time.sleep(0.5)


def _read(api, run):
    [row] = api.call(
        "saas.reconciliation", "read", ids=[run], fields=["state", "problem"]
    )
    lines = api.call(
        "saas.reconciliation.line",
        "search_read",
        domain=[["reconciliation_id", "=", run]],
        fields=["kind", "matched", "different", "only_there", "only_here"],
    )
    differences = api.call(
        "saas.difference",
        "search_read",
        domain=[["reconciliation_id", "=", run]],
        fields=[
            *("kind", "external_id", "result", "field"),
            *("their_value", "our_value", "state"),
        ],
    )
    return {**row, "lines": lines, "differences": differences}
