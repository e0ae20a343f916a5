"""make wheel, make i18n: what is published of the addon."""

import shutil

from .. import settings, workspace
from ..console import say, step
from ..machine import database, odoo_command, odoo_source, python_env, staging
from ..machine.process import run


def wheel():
    """Build the addon's wheel into dist/."""
    settings.make_folders()
    python_env.prepare_tools()
    target = settings.ROOT / "dist"
    with staging.staged() as addon, step("building the wheel"):
        command = [settings.TOOLS_VENV / "bin" / "python", "-m", "build", "--wheel"]
        command += ["--no-isolation", "--outdir", addon.parent / "dist", addon]
        run(command, "wheel")
        target.mkdir(exist_ok=True)
        [built] = (addon.parent / "dist").glob("*.whl")
        shutil.copy2(built, target)
    say(f"dist/{built.name}")
    return 0


def i18n():
    """Export the addon's terms to i18n/saas_billing_sync.pot."""
    target = settings.ROOT / "i18n" / f"{settings.ADDON}.pot"
    db = "saas_i18n"
    with workspace.ready(), staging.staged() as addon:
        workspace.fresh_database(db)
        try:
            with step("exporting the terms"):
                target.parent.mkdir(exist_ok=True)
                export_terms(db, addon, target)
        finally:
            database.drop(db)
    say(str(target.relative_to(settings.ROOT)))
    return 0


def export_terms(db, addon, target):
    """Have Odoo write the addon's terms, reading its files from the staged copy."""
    paths = [addon.parent, *odoo_source.addons_path()[1:]]
    command = [settings.PYTHON, settings.ODOO, "i18n", "export", "-c", settings.CONF]
    run(
        [*command, "-d", db, "-o", target, settings.ADDON],
        "i18n",
        cwd=settings.LOCAL,
        # Odoo looks for terms below every addons folder, and the link in ours leads
        # to the checkout and from there to all of .local.
        env=odoo_command.environment(ODOO_ADDONS_PATH=",".join(map(str, paths))),
    )
