"""The companies, and what is in their books before anything is measured."""

from dev.demo import company_setup
from dev.demo.catalogue import INCOME_ACCOUNTS, PRODUCTS, VAT

from ..database import connect
from . import inbox
from .shell import drain
from .world import HISTORY, World


def prepare(env, tenants):
    """Set two companies up as the demonstration does, and let the pipeline book the
    history of some tenants. Runs inside a shell.

    :return: what a client of the two sources and of the external API has to know.
    """
    # The clone copies tenants with all that is theirs, and knows nothing else.
    access = company_setup.prepare(env, has_past=False)
    sources = {
        key: _describe(env, key, known["token"], known["current"])
        for key, known in access["sources"].items()
    }
    env.cr.commit()
    world = World(tenants)
    with world.recording("before", *HISTORY) as events:
        world.live_on()
    with connect(env.cr.dbname) as cursor:
        inbox.fill(cursor, events, sources)
        for source in sources.values():
            drain(env, source["id"])
        inbox.check_done(cursor)
    return {"api_key": access["api_key"], "sources": sources}


def _describe(env, key, token, secret):
    source = env["saas.source"].search([("token", "=", token)])
    code, _name = INCOME_ACCOUNTS["subscription"]
    account = env["account.account"].with_company(source.company_id)
    taxes = {m.external_id: m.tax_id.id for m in source.tax_mapping_ids}
    products = env["product.product"]
    return {
        "id": source.id,
        "token": token,
        "secret": secret,
        "company_id": source.company_id.id,
        "journal_id": source.sale_journal_id.id,
        "clearing_id": source.clearing_journal_id.id,
        "account_id": account.search([("code", "=", code)]).id,
        "tax_id": taxes.get(VAT.id),
        "products": {
            product.key: products.search(
                [("default_code", "=", f"SAAS-{product.key.upper()}")]
            ).id
            for product in PRODUCTS
        },
    }
