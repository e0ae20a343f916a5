"""The roles of this app, and what people call who has them."""

from odoo.exceptions import AccessError

#: Who should act, as the next steps name it. By the groups, an approver is a
#: reviewer, and a manager is an operator.
ROLES = ("reviewer", "manager", "operator")
#: Who may have events processed again, or objects imported again: it decides nothing.
OPERATING = ("operator", "reviewer")
#: Who has money billed, collected and recognised.
FINANCE = ("reviewer", "approver")
#: Roles that no next step names: who signs, who looks, and who guards persons' data.
OTHERS = ("approver", "auditor", "privacy")


def roles_of(user):
    """Return the roles that a user has, as a set."""
    return {
        role
        for role in (*ROLES, *OTHERS)
        if user.has_group(f"saas_billing_sync.group_saas_{role}")
    }


def find_people(env, role, company):
    """Return the people who have a role in a company."""
    group = env.ref(f"saas_billing_sync.group_saas_{role}").sudo()
    return group.all_user_ids.filtered(
        lambda user: (
            user.active
            and not user.share
            and not user._is_superuser()
            and company in user.company_ids
        )
    ).with_env(env)


def check_roles(env, roles):
    """Raise unless the user has one of the roles, or it is superuser mode."""
    if not env.su and not roles_of(env.user) & set(roles):
        raise make_refusal(env, roles)


def make_refusal(env, roles):
    """Return the error for who has none of the roles: it says whom to ask."""
    return AccessError(
        env._(
            "Your role may look at this, but not do it. Ask %s.",
            describe(env, roles),
        )
    )


def describe(env, roles):
    """Return whom to ask, for a sentence: ``an operator or a finance reviewer``."""
    names = {
        "reviewer": env._("a finance reviewer"),
        "manager": env._("an integration manager"),
        "operator": env._("an operator"),
        "approver": env._("a finance approver"),
        "auditor": env._("an auditor"),
        "privacy": env._("a privacy officer"),
    }
    return env._(" or ").join(names[role] for role in names if role in roles)
