"""pytest: what `make test` wants of it.

Each process has a database and a port of its own and takes whole classes from one
queue. A failed test says how to run it alone. A run in which nothing passed has failed.
"""

import os
from collections import Counter

import pytest
import pytest_odoo

from dev import durations, settings

_seconds, _counts, _outcomes = Counter(), Counter(), Counter()


@pytest.hookimpl(tryfirst=True, hookwrapper=True)
def pytest_cmdline_main(config):
    """Give each process its database before Odoo reads which one it is."""
    if hasattr(config, "workerinput"):
        number = int(config.workerinput["workerid"].removeprefix("gw"))
        names = os.environ["SAAS_TEST_DATABASES"].split()
        config.option.odoo_database = names[number]
        # pytest-odoo would copy the database once more, with PostgreSQL's programs.
        os.environ.pop("PYTEST_XDIST_WORKER")
    yield


def pytest_configure(config):
    """Replace pytest-odoo's choice of a random port by the one that was asked for."""
    port = settings.number("TEST_PORT", 0)
    if port:
        pytest_odoo._get_available_random_port = lambda: port


def pytest_report_header():
    """Say what random tests begin with."""
    return f"SEED={settings.text('SEED', '0')}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Choose a sample if QUICK=1, and put the longest classes first if the tests are
    shared out: the queue is in this order.
    """
    if settings.switched_on("QUICK", default=False):
        chosen = durations.choose_quick([item.nodeid for item in items])
        left = [item for item in items if item.nodeid not in chosen]
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if item.nodeid in chosen]
    if hasattr(config, "workerinput"):
        names = durations.longest_first([item.nodeid for item in items])
        place = {name: number for number, name in enumerate(names)}
        items.sort(key=lambda item: place[durations.class_of(item.nodeid)])


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    """Let a failure end with the command that runs this test alone."""
    outcome = yield
    report = outcome.get_result()
    if report.failed:
        path, *_classes, name = item.nodeid.partition("[")[0].split("::")
        path = path.removeprefix(f"{settings.ADDON}/")
        seed = settings.text("SEED", "0")
        command = f'SEED={seed} make test TESTS={path} ARGS="-k {name}"'
        report.sections.append(("To run it alone", command))


def pytest_runtest_logreport(report):
    """Add up what the whole run came to, in the process that reports it."""
    if hasattr(report, "context"):
        return  # a subtest, which its test contains
    name = durations.class_of(report.nodeid)
    _seconds[name] += report.duration
    if report.when == "call":
        _counts[name] += 1
        _outcomes[report.outcome] += 1


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session, exitstatus):
    """Fail if nothing passed; record the durations if DURATIONS=1 and all is well."""
    config = session.config
    if hasattr(config, "workerinput") or exitstatus or config.option.collectonly:
        return
    if not _outcomes["passed"]:
        session.exitstatus = pytest.ExitCode.NO_TESTS_COLLECTED
    elif settings.switched_on("DURATIONS", default=False):
        sample = ("TESTS", "QUICK", "FULL")
        partial = any(map(settings.text, sample)) or config.option.keyword
        durations.write(_seconds, _counts, complete=not partial)
