from ipaddress import ip_address
from urllib.parse import urlsplit

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...canonical.border.assertion import BadPrivateKey, read_private_key
from ...canonical.border.credential import CredentialKind
from ...canonical.sealing import is_reference

#: What the vault keeps of a credential: the secret itself, the key that signs, what an
#: access token is renewed with, and the access token.
SECRET, PRIVATE_KEY, REFRESH_TOKEN, ACCESS_TOKEN = "", "key", "refresh", "access"
PARTS = (SECRET, PRIVATE_KEY, REFRESH_TOKEN, ACCESS_TOKEN)

#: Which of them a person pastes, by kind.
_NEEDED = {
    "api_key": (),
    "basic": (SECRET,),
    "oauth2_client": (SECRET,),
    "oauth2_refresh": (REFRESH_TOKEN,),
    "oauth2_jwt": (PRIVATE_KEY,),
}
#: Set by the machine's administrator where a system runs beside Odoo, as in tests.
LOOPBACK_PARAMETER = "saas_billing_sync.call_loopback"


class SaasSourceCredential(models.Model):
    """What lets us read from a source: who we are there, at which address, and how
    often we may call. What is secret of it is in the vault.

    The kind *API key* has its key at the source itself, where it is pasted.
    """

    _name = "saas.source.credential"
    _description = "SaaS source credential"
    _inherit = ["saas.guarded.mixin"]
    _rec_name = "address"

    source_id = fields.Many2one("saas.source", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="source_id.company_id", store=True)
    kind = fields.Selection(
        [
            ("api_key", "API key"),
            ("basic", "User and password"),
            ("oauth2_client", "OAuth 2: client ID and secret"),
            ("oauth2_refresh", "OAuth 2: refresh token"),
            ("oauth2_jwt", "OAuth 2: signed with a private key"),
        ],
        required=True,
        compute="_compute_kind",
        precompute=True,
        store=True,
        readonly=False,
        help="How the system lets a program in.",
    )
    offered_kinds = fields.Json(compute="_compute_offered_kinds")
    address = fields.Char(
        help="The address of your site or instance, such as https://acme.example.com. "
        "Leave it empty where the system has one address for everybody.",
    )
    client_id = fields.Char(
        string="Client ID or User",
        help="The client ID that the system shows for this app, or the user's name.",
    )
    subject = fields.Char(
        string="User to Act As",
        help="The user in whose name is read, if the system asks for one beside the "
        "client ID.",
    )
    new_secret = fields.Char(
        string="Secret or Password",
        compute="_compute_new",
        inverse="_inverse_new_secret",
        help="Paste the client secret or the password, or name where it is: env:NAME "
        "or file:NAME. It can't be read again afterwards.",
    )
    new_refresh_token = fields.Char(
        string="Refresh Token",
        compute="_compute_new",
        inverse="_inverse_new_refresh_token",
        help="Paste the refresh token. The system may replace it with each use; the "
        "newest one is kept.",
    )
    new_private_key = fields.Text(
        string="Private Key",
        compute="_compute_new",
        inverse="_inverse_new_private_key",
        help="Paste the private key, an RSA key as PEM without a password, or name "
        "where it is: env:NAME or file:NAME.",
    )
    secret_hint = fields.Char(compute="_compute_hints", string="Secret Ends With")
    token_expires_at = fields.Datetime(
        string="Access Token Ends",
        readonly=True,
        help="When the present access token ends. A new one is asked for by itself.",
    )
    calls_per_second = fields.Integer(
        help="How many calls may be made in a second, by all of Odoo together. 0: as "
        "many as the system is known to allow.",
    )
    calls_per_day = fields.Integer(
        help="How many calls may be made in a day, from midnight UTC. At 80 % lists "
        "are not read any more until the next day; what somebody waits for still is. "
        "0: as many as the system is known to allow.",
    )

    calls_today = fields.Integer(compute="_compute_calls_today")

    _source_unique = models.UniqueIndex(
        "(source_id)",
        "A source has one credential. Change the one that is there.",
    )
    _limits_positive = models.Constraint(
        "CHECK (calls_per_second >= 0 AND calls_per_day >= 0)",
        "The calls per second and per day can't be negative. 0 means no limit.",
    )

    def _get_taken_kinds(self):
        """Return the kinds that the source's system takes, the usual one first."""
        source = self.source_id
        return source._get_adapter()._credential_kinds if source.adapter else ()

    @api.depends("source_id.adapter", "kind")
    def _compute_offered_kinds(self):
        for credential in self:
            # Where none is taken there may be an older one. An empty list would reach
            # the browser as no list.
            credential.offered_kinds = [
                *(credential._get_taken_kinds() or (credential.kind,))
            ]

    @api.depends("source_id.adapter")
    def _compute_kind(self):
        """Begin with the usual kind; whoever has chosen one keeps it."""
        for credential in self:
            usual = next(iter(credential._get_taken_kinds()), CredentialKind.API_KEY)
            credential.kind = credential.kind or str(usual)

    def _check_kind(self):
        """Refuse a kind that the system does not take. It is asked when a kind is
        chosen: an older one goes on working.
        """
        labels = dict(self._fields["kind"]._description_selection(self.env))
        adapters = self.source_id._fields["adapter"]
        systems = dict(adapters._description_selection(self.env))
        for credential in self:
            taken = credential._get_taken_kinds()
            if credential.kind in taken:
                continue
            system = systems[credential.source_id.adapter]
            if not taken:
                raise ValidationError(
                    self.env._("%s is not called, so it needs no credential.", system)
                )
            raise ValidationError(
                self.env._(
                    "%(system)s does not take this kind of credential: %(kind)s. "
                    "Choose another one: %(kinds)s.",
                    system=system,
                    kind=labels[credential.kind],
                    kinds=", ".join(labels[kind] for kind in taken),
                )
            )

    def _compute_new(self):
        self.new_secret = self.new_refresh_token = self.new_private_key = False

    def _inverse_new_secret(self):
        self._keep("new_secret", SECRET)

    def _inverse_new_refresh_token(self):
        self._keep("new_refresh_token", REFRESH_TOKEN)

    def _inverse_new_private_key(self):
        for credential in self:
            key = (credential.new_private_key or "").strip()
            if key and not is_reference(key):
                credential._check_private_key(key)
        self._keep("new_private_key", PRIVATE_KEY)

    def _check_private_key(self, key):
        try:
            read_private_key(key)
        except BadPrivateKey:
            raise UserError(
                self.env._(
                    "This is not an RSA private key without a password. Copy the whole "
                    "text, from -----BEGIN to the last -----, and paste it again."
                )
            ) from None

    def _keep(self, name, part):
        """Keep what was pasted into a field as one part of the credential."""
        vault = self.env["saas.vault"]
        for credential in self:
            if value := (credential[name] or "").strip():
                vault._put(credential.sudo(), value, part)
                # What the old one brought is not good any more.
                credential.sudo()._forget_token()
        # What was pasted is not shown again, not even in this answer.
        self.invalidate_recordset([name, "secret_hint"], flush=False)

    def _forget_token(self):
        self.env["saas.vault"]._forget(self, (ACCESS_TOKEN,))
        self.token_expires_at = False

    @api.depends("kind", "new_secret", "new_refresh_token", "new_private_key")
    def _compute_hints(self):
        vault = self.env["saas.vault"]
        hints = {part: vault._get_hints(self, part) for part in PARTS}
        for credential in self:
            needed = _NEEDED.get(credential.kind) or (SECRET,)
            credential.secret_hint = hints[needed[0]].get(credential._origin.id)

    def _compute_calls_today(self):
        budget = self.env["saas.reading.budget"]
        for credential in self:
            credential.calls_today = budget._count_today(credential.source_id._origin)

    @api.constrains("address")
    def _check_address(self):
        for credential in self.filtered("address"):
            if not self._is_safe(credential.address):
                raise ValidationError(
                    self.env._(
                        "The address %s can't be used: it has to begin with https://, "
                        "then the system's name, and nothing that lets anybody in. "
                        "Copy it from the system's own pages.",
                        credential.address,
                    )
                )

    def _is_safe(self, address):
        try:
            parts = urlsplit(address)
            host, _port = parts.hostname, parts.port
        except ValueError:
            return False
        if not host or parts.username or parts.query or parts.fragment:
            return False
        if parts.scheme == "https":
            return True
        allowed = self.env["ir.config_parameter"].sudo().get_param(LOOPBACK_PARAMETER)
        return bool(allowed) and parts.scheme == "http" and _is_loopback(host)

    @api.model_create_multi
    def create(self, vals_list):
        credentials = super().create([_tidy(vals) for vals in vals_list])
        credentials._check_kind()
        return credentials

    def write(self, vals):
        if vals.keys() & {"kind", "address", "client_id", "subject"}:
            # The token was given for what was there before.
            self.sudo()._forget_token()
        chosen = self.browse()
        if "kind" in vals:
            chosen = self.filtered(lambda one: one.kind != vals["kind"])
        result = super().write(_tidy(vals))
        chosen._check_kind()
        return result

    def unlink(self):
        result = super().unlink()
        self.env["saas.vault"]._forget(self, PARTS)
        return result

    def _is_complete(self):
        """Return whether all is there that its kind needs, so that one may call."""
        self.ensure_one()
        vault = self.env["saas.vault"]
        return all(vault._get(self, part) for part in _NEEDED[self.kind])

    def _find_trouble(self):
        """Return a sentence for each problem with how its secrets are kept."""
        vault = self.env["saas.vault"]
        return [line for part in PARTS for line in vault._find_trouble(self, part)]


def _tidy(vals):
    if vals.get("address"):
        return {**vals, "address": vals["address"].strip().rstrip("/")}
    return vals


def _is_loopback(host):
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
