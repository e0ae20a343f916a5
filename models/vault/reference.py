import os
from pathlib import Path

from odoo import api, models
from odoo.exceptions import UserError

from ...canonical import sealing
from ..server_section import SECTION
from . import settings as vault_settings

#: What the variables with secrets begin with; the company's id and "_" follow.
_PREFIX = "SAAS_SECRET_"


class SaasVault(models.AbstractModel):
    """Secrets that are named by reference: the vault keeps the name, and the value is
    read each time it is used.

    A manager must not name what is another company's, nor make Odoo show any file. So
    a company's variables begin with ``SAAS_SECRET_<id of the company>_``, and its
    files lie in the folder named by its id below the folder that the machine's
    administrator chose; links that lead out of it are not followed.
    """

    _inherit = "saas.vault"

    @api.model
    def _read_reference(self, reference, company):
        """Return the secret that ``reference`` (env:NAME or file:PATH) leads to.

        :raise UserError: it leads nowhere, or to what ``company`` may not use. It
            quotes the reference, never what it leads to.
        """
        kind, _colon, name = reference.partition(":")
        read = self._read_variable if kind == "env" else self._read_file
        secret = read(name, company)
        if not secret:
            raise UserError(
                self.env._(
                    "This Odoo finds no secret at %(reference)s. Set it, restart Odoo "
                    "if it is a variable, then try again.",
                    reference=reference,
                )
            )
        return secret

    def _read_variable(self, name, company):
        prefix = f"{_PREFIX}{company.id}_"
        if not name.startswith(prefix):
            raise UserError(
                self.env._(
                    "A secret of %(company)s must be in a variable whose name begins "
                    "with %(prefix)s, such as env:%(prefix)sKEY. Rename the "
                    "variable.",
                    company=company.display_name,
                    prefix=prefix,
                )
            )
        return os.environ.get(name, "").strip()

    def _read_file(self, name, company):
        chosen = vault_settings.get_folder()
        if not chosen:
            raise UserError(
                self.env._(
                    "No folder is chosen for files with secrets. Name it in odoo.conf "
                    "as %(option)s in the section [%(section)s], and restart Odoo.",
                    option=vault_settings.FOLDER,
                    section=SECTION,
                )
            )
        folder = Path(chosen, str(company.id)).resolve()
        try:
            path = (folder / name).resolve()
            allowed = path.is_relative_to(folder)
        except (OSError, ValueError, RuntimeError):
            return ""
        if not allowed:
            raise UserError(
                self.env._(
                    "A secret of %(company)s must be in a file in the folder "
                    "%(folder)s. Move the file there.",
                    company=company.display_name,
                    folder=folder,
                )
            )
        return _read_text(path)


def _read_text(path):
    """Return the text of a file, without the spaces around it; "" if it has none."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            content = file.read(sealing.LONGEST + 1)
        return content.decode().strip() if len(content) <= sealing.LONGEST else ""
    except (OSError, ValueError):
        return ""
