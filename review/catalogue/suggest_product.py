import re
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

from ...canonical.facts import Head
from ...canonical.review.suggestions import (
    LIKELY,
    POSSIBLE,
    SURE,
    Suggestion,
    find_words,
    stands_in,
)

#: So many products are looked at, and so many words are looked for, at most.
_MOST_PRODUCTS, _MOST_WORDS = 1000, 300
#: Shorter words say nothing of a product.
_SHORTEST = 3
#: A word that may be a code: it has a digit, or a sign within.
_CODE = re.compile(r"(?=\S*[\d_-])[\w.-]{4,}")


class _Wanted(NamedTuple):
    """What a case asks for: the ids of a price and of its product, and what the source
    calls them: ``names`` are whole, ``texts`` hold one.
    """

    price: str
    product: str
    names: tuple = ()
    texts: tuple = ()

    @property
    def refs(self):
        """Return the ids that are told."""
        return [ref for ref in (self.price, self.product) if ref]

    @property
    def codes(self):
        """Return all that an internal reference could be equal to."""
        told = [*self.names, *self.texts]
        found = [code for text in told for code in _CODE.findall(text)]
        return [*self.refs, *self.names, *found]


class SaasSuggestProduct(models.AbstractModel):
    """Suggests which product a price or product of a source is: what another price of
    the same product is mapped to, then what has its code, then what has its name.
    """

    _name = "saas.suggest.product"
    _description = "SaaS suggestions of products"

    def _suggest(self, cases):
        """Return by case the likely product, for those that have one."""
        items = self._read_items(cases)
        wanted = {case: self._read_wanted(case, items) for case in cases}
        wanted = self._add_texts(wanted)
        mapped = self._find_mapped(cases, wanted, items)
        products = self._find_products(wanted.values(), cases.company_id)
        found = {}
        for case, each in wanted.items():
            if not each.refs:
                # There is nothing that could be mapped.
                continue
            own = products.filtered(
                lambda product, case=case: product.company_id <= case.company_id
            )
            answer = (
                self._suggest_mapped(case, each, items, mapped)
                or self._suggest_by_code(each, own)
                or self._suggest_by_name(each, own)
            )
            if answer:
                found[case] = answer
        return found

    # -- what is asked for -----------------------------------------------------------

    def _read_items(self, cases):
        """Return what the catalogues of sources say of what the cases ask for, and of
        all prices of the same products: records by source and id.
        """
        known = self.env["saas.product"].sudo().with_context(active_test=False)
        refs = {ref for case in cases for ref in case.cause_key.split("|") if ref}
        own = Domain("source_id", "in", cases.source_id.ids)
        items = known.search(own & Domain("external_id", "in", list(refs)))
        products = list({*filter(None, items.mapped("product_ref")), *refs})
        items |= known.search(
            own
            & (
                Domain("external_id", "in", products)
                | Domain("product_ref", "in", products)
            )
        )
        return {(item.source_id.id, item.external_id): item for item in items}

    def _read_wanted(self, case, items):
        price, _separator, product = case.cause_key.partition("|")
        source = case.source_id.id
        if (item := items.get((source, price))) and not product:
            product = item.product_ref or ""
        names = [
            item.name
            for ref in (product, price)
            if (item := items.get((source, ref))) and item.name
        ]
        if product in set(Head):
            names.append(str(product))
        return _Wanted(price, product, tuple(dict.fromkeys(names)))

    def _add_texts(self, wanted):
        """Add what documents call products that no catalogue told of."""
        nameless = [case for case, each in wanted.items() if not each.names]
        if not nameless:
            return wanted
        cases = nameless[0].union(*nameless)
        facts = self.env["saas.suggest"]._read_facts(cases)
        for case in nameless:
            each = wanted[case]
            texts = [
                line.description
                for fact in facts[case]
                for line in getattr(fact, "lines", ())
                if (line.price, line.product) == (each.price, each.product)
                and line.description
            ]
            wanted[case] = each._replace(texts=tuple(dict.fromkeys(texts)))
        return wanted

    # -- what it could be ------------------------------------------------------------

    def _find_mapped(self, cases, wanted, items):
        """Return the mappings of what is asked for, or of other prices of it, in any
        source of the companies: lists by source's company and id.
        """
        refs = {ref for each in wanted.values() for ref in each.refs}
        refs |= {ref for _source, ref in items}
        found = {}
        mappings = self.env["saas.product.mapping"].sudo()
        for mapping in mappings.search(
            [
                ("company_id", "in", cases.company_id.ids),
                ("external_id", "in", list(refs)),
            ]
        ):
            key = mapping.company_id.id, mapping.external_id
            found.setdefault(key, []).append(mapping)
        return found

    def _suggest_mapped(self, case, wanted, items, mapped):
        """Suggest what another price of the same product is mapped to, or what another
        source of the company maps the same id to.
        """
        siblings = [
            item.external_id
            for (source, _ref), item in items.items()
            if wanted.product
            and source == case.source_id.id
            and item.product_ref == wanted.product
        ]
        company = case.company_id.id
        rows = [m for ref in siblings for m in mapped.get((company, ref), ())]
        rows = [m for m in rows if m.source_id == case.source_id]
        if len({m.product_id for m in rows}) == 1:
            why = self.env._(
                "Another price of the same product, %s, is mapped to it.",
                rows[0].external_id,
            )
            return self._make(rows[0].product_id, why, SURE, rows[0].account_id)
        rows = [m for ref in wanted.refs for m in mapped.get((company, ref), ())]
        rows = [m for m in rows if m.source_id != case.source_id]
        if len({m.product_id for m in rows}) == 1:
            why = self.env._(
                "%(other)s has the same id, and it is mapped to it there.",
                other=rows[0].source_id.name,
            )
            return self._make(rows[0].product_id, why, SURE, rows[0].account_id)
        return None

    def _find_products(self, wanted, companies):
        """Return the products that have a code or a word of what is asked for."""
        codes, words = set(), {}
        for each in wanted:
            codes.update(each.codes)
            for text in (*each.names, *each.texts):
                words.update(dict.fromkeys(find_words(text)))
        words = [w for w in words if len(w) >= _SHORTEST and not w.isdigit()]
        terms = [Domain("default_code", "in", list(codes))]
        terms += [Domain("barcode", "in", list(codes))]
        terms += [Domain("name", "ilike", word) for word in words[:_MOST_WORDS]]
        products = self.env["product.product"].sudo()
        return products.search(
            Domain("company_id", "in", [False, *companies.ids]) & Domain.OR(terms),
            limit=_MOST_PRODUCTS,
        )

    def _suggest_by_code(self, wanted, products):
        for code in wanted.codes:
            found = products.filtered(
                lambda product, code=code: (
                    code in (product.default_code, product.barcode)
                )
            )
            if len(found) == 1:
                why = self.env._("Its code is %s, as the source calls it.", code)
                return self._make(found, why, SURE)
        return None

    def _suggest_by_name(self, wanted, products):
        for name in wanted.names:
            found = products.filtered(
                lambda product, name=name: find_words(product.name) == find_words(name)
            )
            if len(found) == 1:
                why = self.env._("It has the name that the source gives: %s.", name)
                return self._make(found, why, LIKELY)
        told = {
            text: self._find_within(text, products)
            for text in (*wanted.names, *wanted.texts)
        }
        found = products.browse().union(*told.values())
        if len(found) != 1:
            return None
        text = next(text for text, product in told.items() if product)
        why = self.env._("Its name stands in what the source says: %s.", text)
        return self._make(found, why, POSSIBLE)

    def _find_within(self, text, products):
        """Return the products whose names stand in a text, those with the longest."""
        words = find_words(text)
        found = {
            product: len(name)
            for product in products
            if (name := find_words(product.name)) and stands_in(name, words)
        }
        longest = max(found.values(), default=0)
        return products.filtered(lambda product: found.get(product) == longest)

    def _make(self, product, why, confidence, account=None):
        return Suggestion(
            self.env._("It is %s.", product.display_name),
            why,
            confidence,
            "action_map_product",
            {
                "product_id": product.id,
                "account_id": account.id if account else False,
            },
        )
