"""The roles of this app, and what people call who has them."""

#: Who should act, as the next steps name it. By the groups, an approver is a
#: reviewer, and a manager is an operator.
ROLES = ("reviewer", "manager", "operator")
#: Who may have events processed again, or objects imported again: it decides nothing.
OPERATING = ("operator", "reviewer")


def roles_of(user):
    """Return the roles that a user has, as a set."""
    return {
        role for role in ROLES if user.has_group(f"saas_billing_sync.group_saas_{role}")
    }


def describe(env, roles):
    """Return whom to ask, for a sentence: ``an operator or a finance reviewer``."""
    names = {
        "reviewer": env._("a finance reviewer"),
        "manager": env._("an integration manager"),
        "operator": env._("an operator"),
    }
    return env._(" or ").join(names[role] for role in ROLES if role in roles)
