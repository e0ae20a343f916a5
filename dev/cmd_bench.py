"""make bench: the measured comparisons in bench/."""

import shlex

from . import odoo_command, settings, workspace
from .console import Trouble
from .process import run_in_foreground


def bench():
    """Run `python -m bench` with ARGS; return its exit code."""
    if not (settings.ROOT / "bench" / "__main__.py").exists():
        raise Trouble("There is no bench/__main__.py here yet.")
    with workspace.ready():
        template = workspace.addon_template()
        return run_in_foreground(
            [settings.PYTHON, "-m", "bench", *shlex.split(settings.text("ARGS"))],
            cwd=settings.ROOT,
            env=odoo_command.environment(SAAS_TEMPLATE=template),
        )
