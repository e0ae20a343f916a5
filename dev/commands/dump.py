"""make dump: a small dump of a database with data, for the tests of an upgrade."""

import lzma
import os
import subprocess

from .. import settings, workspace
from ..console import Trouble, say, step
from ..machine import cluster, database, odoo_source
from ..machine.template import manifest

FOLDER = settings.ROOT / "tests" / "fixtures" / "upgrade"
COPY = "saas_dump"

#: What no upgrade needs, or what would be different on another machine. Secrets and
#: keys become texts that anybody may read, kept as an upgrade without a key leaves
#: them: so any machine can open them.
PRUNE = """
DELETE FROM ir_attachment WHERE store_fname IS NOT NULL;
DELETE FROM queue_job;
DELETE FROM ir_logging;
DELETE FROM bus_bus;
DELETE FROM res_users_apikeys;
DELETE FROM res_device_log;
UPDATE ir_config_parameter SET value = 'fixture' WHERE key = 'database.secret';
UPDATE ir_config_parameter SET value = '00000000-0000-0000-0000-000000000000'
 WHERE key = 'database.uuid';
UPDATE saas_source SET token = 'fixture-token-' || id;
UPDATE saas_vault SET hint = 'fixture',
       sealed = 'p:' || CASE WHEN starts_with(owner, 'saas.source,')
                             THEN 'rk_live_' ELSE 'whsec_' END
                || 'fixture_' || split_part(owner, ',', 2)
 WHERE NOT starts_with(sealed, 'r:');
"""


def dump():
    """Dump DB (saas_demo) into tests/fixtures/upgrade/; return 0."""
    source = settings.text("DB", "saas_demo")
    version = manifest()["version"]
    target = FOLDER / f"{version}.sql.xz"
    with workspace.ready():
        if not database.exists(source):
            raise Trouble(f"There is no database {source}.", "make demo KEEP=0")
        with step(f"dumping {source}"):
            database.create_from_template(COPY, source)
            try:
                database.execute(PRUNE, database=COPY)
                FOLDER.mkdir(parents=True, exist_ok=True)
                target.write_bytes(lzma.compress(_read(COPY), preset=9))
                # Of which Odoo its tables are.
                (FOLDER / f"{version}.odoo").write_text(odoo_source.identity())
            finally:
                database.drop(COPY)
    size = target.stat().st_size / 1e6
    say(f"{target.relative_to(settings.ROOT)}: {size:.1f} MB")
    return 0


def _read(name):
    """Return the statements that make a database anew, for any PostgreSQL and owner."""
    done = subprocess.run(
        [cluster.program("pg_dump"), "--no-owner", "--no-privileges", "-d", name],
        env={**os.environ, **database.connection()},
        stdout=subprocess.PIPE,
        check=True,
    )
    # Older servers don't know it.
    return done.stdout.replace(b"SET transaction_timeout = 0;\n", b"")
