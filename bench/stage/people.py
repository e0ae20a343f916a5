"""People who look at pages, and act."""


def create_person(env, login, companies, *roles):
    """Create a user of some companies with some of this addon's roles, at work in the
    first company; return the user's id. Runs inside the shell.
    """
    groups = [env.ref(f"saas_billing_sync.group_saas_{role}").id for role in roles]
    user = env["res.users"].create(
        {
            "name": login,
            "login": login,
            "company_id": companies[0].id,
            "company_ids": [(6, 0, companies.ids)],
            "group_ids": [(4, group) for group in groups],
        }
    )
    return user.id
