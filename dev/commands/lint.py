"""make lint: every linter, and with FIX=1 what they can fix by themselves."""

import subprocess

from canonical.display import metrics_page

from .. import settings
from ..console import say
from ..machine import node, python_env, staging
from ..machine.process import write_if_changed
from . import imports, imports_chart

SCRIPTS = ["*.js"]
FORMATTED = [*SCRIPTS, "*.xml", "*.scss", "*.css", "*.yml", "*.yaml"]
# Not ours to format, or kept byte for byte.
LEFT_ALONE = ("static/lib/", "static/description/", "tests/fixtures/")


def lint():
    """Run every linter, the later ones too when one complains; return 0 or 1."""
    settings.make_folders()
    python_env.prepare_tools()
    node.prepare()
    fix = settings.switched_on("FIX", default=False)
    with staging.staged() as addon:
        failed = [name for name, check in _checks(addon, fix) if not check()]
    if failed:
        say(f"\nmake lint: {', '.join(failed)} complained, see above.")
        say("Next: fix it, or let the tools fix what they can: make lint FIX=1")
        return 1
    say("All clean.")
    return 0


def _checks(addon, fix):
    """Yield each linter's name and the function that runs it.

    In: the staged copy for the tools that need one, and whether to fix.
    """
    yield "ruff", lambda: _tool("ruff", "check", *(["--fix"] if fix else []), ".")
    style = ["format"] if fix else ["format", "--check"]
    yield "ruff format", lambda: _tool("ruff", *style, ".")
    yield "pylint-odoo", lambda: _pylint(addon)
    yield "oca-checks-odoo-module", lambda: _oca_module(addon)
    yield "oca-checks-po", lambda: _oca_po(addon)
    yield "prettier", lambda: _prettier(fix)
    yield "eslint", lambda: _eslint(fix)
    yield "imports", lambda: _imports(fix)
    yield "figures", lambda: _figures(fix)


def _pylint(addon):
    # A large model of ours is several files on purpose, one for each concern.
    options = ["--disable=consider-merging-classes-inherited"]
    options.append(f"--rcfile={settings.ROOT / '.pylintrc'}")
    return _tool("pylint", *options, addon.name, cwd=addon.parent)


def _oca_module(addon):
    # The check asks for a README.rst, which OCA's bot makes out of fragments.
    options = ["--disable=prefer-readme-rst", addon.name]
    return _tool("oca-checks-odoo-module", *options, cwd=addon.parent)


def _oca_po(addon):
    files = [str(path) for path in sorted(addon.glob("i18n/*.po*"))]
    # Odoo's own export wraps lines in its own way.
    options = ["--disable=po-pretty-format", *files]
    return not files or _tool("oca-checks-po", *options, cwd=addon)


def _prettier(fix):
    files = _ours(FORMATTED)
    options = ["--config", settings.DEV / "prettier.config.cjs", "--log-level=warn"]
    options.append("--write" if fix else "--check")
    return not files or _node_tool("prettier", *options, *files)


def _eslint(fix):
    files = _ours(SCRIPTS)
    options = ["--config", settings.DEV / "eslint.config.cjs", "--max-warnings=0"]
    return not files or _node_tool(
        "eslint", *options, *(["--fix"] if fix else []), *files
    )


def _imports(fix):
    """Hold the pictures of who uses whom against the files, or write them; return
    whether they are up to date and no module imports itself by way of others.
    """
    say("- imports")
    tree = imports.Tree(settings.ROOT, staging.files("*.py"))
    circle = tree.find_circle()
    if circle:
        say(f"An import circle: {' -> '.join(circle)}")
    counts = tree.count_imports(), tree.count_models()
    rooms = imports.order(tree.rooms, *counts)
    is_fresh = _keep_fresh(
        {
            "imports.txt": imports_chart.write(rooms, *counts),
            "imports.svg": imports_chart.draw(rooms, *counts),
        },
        fix,
    )
    return not circle and is_fresh


def _figures(fix):
    """Hold the page of figures against their closed list, or write it; return whether
    it is up to date.
    """
    say("- figures")
    return _keep_fresh({"metrics.rst": metrics_page.write()}, fix)


def _keep_fresh(pages, fix):
    """Hold pages of ``docs`` against what they should be, or write them; return whether
    they are up to date.
    """
    stale = []
    for name, content in pages.items():
        path = settings.ROOT / "docs" / name
        if fix:
            write_if_changed(path, content)
        elif not path.exists() or path.read_text() != content:
            stale.append(f"docs/{name}")
    if stale:
        say(f"Not up to date: {', '.join(stale)}. Write them: make lint FIX=1")
    return not stale


def _ours(patterns):
    """Return the files that match Git patterns, less those that are left alone."""
    return [
        name for name in staging.files(*patterns) if not name.startswith(LEFT_ALONE)
    ]


def _tool(name, *arguments, cwd=settings.ROOT):
    """Run a linter of the tools' environment; return whether it was content."""
    say(f"- {name} {arguments[0] if name == 'ruff' else ''}".rstrip())
    program = settings.TOOLS_VENV / "bin" / name
    return subprocess.run([program, *arguments], cwd=cwd).returncode == 0


def _node_tool(name, *arguments):
    """Run a linter that npm installed; return whether it was content."""
    say(f"- {name}")
    program = node.FOLDER / "node_modules" / ".bin" / name
    return not subprocess.run(
        [program, *arguments], cwd=settings.ROOT, env=node.environment()
    ).returncode
