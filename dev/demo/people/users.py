"""The users of the demonstration. Runs inside an Odoo shell."""

from datetime import datetime, timedelta

#: Login, which is the password too, name, and groups.
FINANCE = (
    "finance",
    "Fiona Finance",
    (
        "saas_billing_sync.group_saas_reviewer",
        # Who enters documents and rates by hand has the right to from Accounting.
        "account.group_account_manager",
        "base.group_partner_manager",
    ),
)
BILLING = (
    "billing",
    "Billy Billing",
    ("saas_billing_sync.group_saas_manager",),
)
SIGNING = (
    "signing",
    "Sigrid Signing",
    ("saas_billing_sync.group_saas_approver",),
)
_PEOPLE = (FINANCE, BILLING, SIGNING)
#: All of them see these.
_COMMON = (
    "base.group_user",
    "base.group_multi_currency",
    "base.group_multi_company",
)
_ADMINISTRATOR = (
    "account.group_account_manager",
    "base.group_multi_currency",
    "base.group_multi_company",
    *(
        f"saas_billing_sync.group_saas_{role}"
        for role in ("operator", "manager", "reviewer")
    ),
)


def prepare(env, companies):
    """Return the users by login: the administrator, in every role but the approver's,
    and the three people. All are in all of the companies, get no e-mail, and OdooBot
    doesn't chat with them.
    """
    admin = env.ref("base.user_admin")
    users = {"admin": admin}
    for login, name, _groups in _PEOPLE:
        users[login] = env["res.users"].search([("login", "=", login)]) or env[
            "res.users"
        ].create({"login": login, "password": login, "name": name})
    groups = {
        "admin": _ADMINISTRATOR,
        **{login: (*_COMMON, *own) for login, _name, own in _PEOPLE},
    }
    for login, user in users.items():
        user.write(
            {
                "company_ids": [(4, company.id) for company in companies],
                "company_id": companies[0].id,
                "group_ids": [(4, env.ref(group).id) for group in groups[login]],
                "notification_type": "inbox",
            }
        )
    if "odoobot_state" in env["res.users"]._fields:
        env["res.users"].search([]).odoobot_state = "disabled"
    return users


def make_api_keys(env, users, comment):
    """Return for each user a key to the external API that is good for a day."""
    until = datetime.now() + timedelta(days=1)
    return {
        login: env["res.users.apikeys"]
        .with_user(user)
        .sudo()
        ._generate("rpc", comment, until)
        for login, user in users.items()
    }
