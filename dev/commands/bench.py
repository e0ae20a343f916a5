"""make bench: the measured comparisons in bench/."""

import os
import shlex

from .. import settings, workspace
from ..machine import odoo_command
from ..machine.process import run_in_foreground


def bench():
    """Run `python -m bench` with ARGS; return its exit code.

    On the durable cluster, unless PG_FSYNC=0 says otherwise: what a commit costs is
    part of what a user waits for.
    """
    os.environ["PG_FSYNC"] = settings.text("PG_FSYNC", "1")
    with workspace.ready():
        template = workspace.addon_template()
        return run_in_foreground(
            [settings.PYTHON, "-m", "bench", *shlex.split(settings.text("ARGS"))],
            cwd=settings.ROOT,
            env=odoo_command.environment(SAAS_TEMPLATE=template),
        )
