from odoo import models

from ...canonical.actions import Action
from ...canonical.border.ownership import (
    OF_TENANT,
    PARTS,
    Ownership,
    Part,
    Rule,
)
from ...canonical.errors import Ignore
from ...canonical.kinds import Kind
from ...canonical.reasons import Reason

_ALL_OWN = Ownership()


class SaasCustomersFieldOwner(models.AbstractModel):
    """Chooses, of all that the sources of a tenant have stated of it, what its contact
    and the tenant get, by who owns what; and writes the difference.

    What each id of a tenant was last stated to be is kept, so the choice is one of
    values and not of moments: it comes out the same in whatever order events come. A
    value that somebody edited here is kept.
    """

    _name = "saas.customers.field_owner"
    _description = "SaaS owner of customers' fields"

    def _update(self, item, binding, currency, has_numbers):
        """Bring a tenant and its contact to a newer snapshot, and say what of it does
        not count.

        :param binding: of the customer's id that the snapshot is of.
        :param currency: the one that it states; empty if it states none.
        :param has_numbers: whether tax numbers are known as objects of their own.
        """
        fact, tenant = item.fact, item.tenant
        vals = self._prepare_vals(fact, has_numbers)
        kept = self._write(item, binding, vals, has_numbers)
        more = {"name": tenant.partner_id.name}
        if fact.tax_exempt and self._may_write(item, Part.EXEMPTION, "tax_exempt"):
            more["tax_exempt"] = fact.tax_exempt
        if currency and self._may_write(item, Part.CURRENCY, "currency_id"):
            more["currency_id"] = currency.id
        tenant.write(more)
        told = self.env._("Kept as edited in Odoo: %s.", ", ".join(sorted(kept)))
        item.log(Action.TENANT_UPDATED, tenant, told if kept else None)
        self._refuse(item, vals)

    def _prepare_vals(self, fact, has_numbers):
        """Return what a snapshot states of a contact and a tenant, by field. One
        without tax numbers says nothing of them.
        """
        vals = self.env["saas.customers.partner_values"]._prepare_all_vals(fact)
        if has_numbers or not fact.vat_numbers:
            del vals["vat"]
        return vals

    def _write(self, item, binding, vals, has_numbers):
        """Note what a snapshot states, and write what counts now of all that was.
        Return the fields that are kept because somebody edited them here.
        """
        tenant, rules = item.tenant, item.ownership or _ALL_OWN
        before = tenant.stated_values or {}
        after = {
            **before,
            str(binding.id): {
                "source": binding.source_id.id,
                "version": item.fact.version,
                "values": vals,
            },
        }
        was, chosen = _choose(rules, before), _choose(rules, after)
        if has_numbers:
            chosen.pop("vat", None)
        kept = self._apply_values(tenant, was, chosen)
        known = {"vat": False, **(tenant.synced_values or {})}
        used = {name: value for name, (value, _is_owned) in chosen.items()}
        tenant.write({"stated_values": after, "synced_values": {**known, **used}})
        return kept

    def _join(self, tenant, stated):
        """Bring a tenant and its contact to what counts of ``stated``, after two
        tenants became one, or one of its ids has gone.

        :param stated: what each id was last stated to be, as it is kept.
        """
        rules = self.env["saas.ownership"]._read_rules(tenant.company_id)
        was, chosen = _choose(rules, tenant.stated_values or {}), _choose(rules, stated)
        if tenant in self.env["saas.handler.tax_id"]._get_numbers(tenant):
            chosen.pop("vat", None)
        self._apply_values(tenant, was, chosen)
        used = {name: value for name, (value, _is_owned) in chosen.items()}
        tenant.write(
            {
                "name": tenant.partner_id.name,
                "stated_values": stated,
                "synced_values": {**(tenant.synced_values or {}), **used},
            }
        )

    def _apply_values(self, tenant, was, chosen):
        """Write the values that count. Return the fields that are kept as edited."""
        partner, synced = tenant.partner_id, tenant.synced_values or {}
        changes, kept = {partner: {}, tenant: {}}, []
        for name, (value, is_owned) in chosen.items():
            record = tenant if name in OF_TENANT else partner
            current = _read(record, name)
            if current == (value or False):
                continue
            # Who doesn't own a field replaces only what came from such a source.
            last = synced.get(name) if is_owned else was.get(name, (None,))[0]
            if not current or current == last or _is_preset(tenant, name, current):
                changes[record][name] = value
            elif is_owned:
                kept.append(name)
        for record, values in changes.items():
            if values:
                record.write(values)
        return kept

    def _may_write(self, item, part, name):
        """Return whether an item's source may write a field of its tenant."""
        rules = item.ownership or _ALL_OWN
        verdict = rules.find(item.event.source_id.id, Kind.CUSTOMER, part)
        is_empty = verdict.rule == Rule.FILL and not item.tenant[name]
        return verdict.is_owner or item.is_accepted or is_empty

    # -- what doesn't count -------------------------------------------------------

    def _refuse(self, item, vals):
        """Ignore an item in sight that states parts otherwise than they are, and may
        not change them. Its values are personal, so only the parts are named.
        """
        parts = self._find_refused(item, vals)
        if not parts:
            return
        if item.is_accepted:
            self._accept_parts(item, vals, parts)
            return
        ownership = self.env["saas.ownership"]
        labels = dict(ownership._fields["field"]._description_selection(self.env))
        source = item.event.source_id
        owners = {
            part: ownership._name_owners(
                item.ownership.find(source.id, Kind.CUSTOMER, part)
            )
            for part in parts
        }
        rows = [{"what": labels[p], "part": p, "kept": owners[p]} for p in parts]
        item.fail(
            Ignore(
                Reason.NOT_OWNER,
                self.env._(
                    "%(name)s states this customer's %(parts)s otherwise, and does "
                    "not own that. What %(owner)s states was kept.",
                    name=source.name,
                    parts=", ".join(labels[part].lower() for part in parts),
                    owner=", ".join(dict.fromkeys(owners.values())),
                ),
                {"ownership": {"source": source.name, "rows": rows}},
            )
        )

    def _find_refused(self, item, vals):
        """Return the parts of a customer that an item states otherwise than they are,
        and may not change.
        """
        if not item.ownership:
            return []
        source = item.event.source_id
        return [
            part.value
            for part, names in PARTS.items()
            if item.ownership.find(source.id, Kind.CUSTOMER, part).rule == Rule.FILL
            and any(
                vals.get(name)
                and _read(_get_holder(item.tenant, name), name) != vals[name]
                for name in names
            )
        ]

    def _accept(self, item, has_numbers):
        """Take over what a person accepted once of a snapshot that is known already."""
        vals = self._prepare_vals(item.fact, has_numbers)
        self._accept_parts(item, vals, self._find_refused(item, vals))

    def _accept_parts(self, item, vals, parts):
        """Write parts as if the person had edited them: what the owner states later is
        kept beside them, and the rule stays as it is.
        """
        for part in parts:
            for name in PARTS[part]:
                if name in vals:
                    _get_holder(item.tenant, name).write({name: vals[name]})
        item.tenant.name = item.tenant.partner_id.name
        item.log(Action.TENANT_UPDATED, item.tenant, ", ".join(sorted(parts)) or None)


def _choose(rules, stated):
    """Return what counts by field, of what ids were stated to be: the value, and
    whether its owner said so.

    Of the owner's, the newest version counts. What the owner leaves empty, the others
    that may do so fill, the first source first.
    """
    chosen = {}
    for part, names in PARTS.items():
        told = [
            (rules.find(entry["source"], Kind.CUSTOMER, part), entry)
            for entry in stated.values()
            if any(name in entry["values"] for name in names)
        ]
        told = [(v, entry) for v, entry in told if v.rule != Rule.IGNORED]
        told.sort(key=lambda pair: pair[1]["source"])
        # Of one source the newest version is first, and the owner before all others.
        told.sort(key=lambda pair: pair[1]["version"], reverse=True)
        told.sort(key=lambda pair: (not pair[0].is_owner, _rank(pair)))
        if not told:
            continue
        verdict, entry = next(
            (pair for pair in told if any(pair[1]["values"].get(n) for n in names)),
            told[0],
        )
        for name in names:
            if name in entry["values"]:
                chosen[name] = (entry["values"][name], verdict.is_owner)
    return chosen


def _rank(pair):
    """Return the order of sources that fill: several owners are one, by version."""
    verdict, entry = pair
    return 0 if verdict.is_owner else entry["source"]


def _is_preset(tenant, name, current):
    """Return whether Odoo has set a value by itself, and nobody chose it."""
    is_stated = name in (tenant.synced_values or {})
    preset = tenant.company_id.partner_id.lang
    return name == "lang" and not is_stated and current == preset


def _get_holder(tenant, name):
    return tenant if name in OF_TENANT else tenant.partner_id


def _read(record, name):
    """Return a field's value as plain JSON, False where it is empty."""
    value = record[name]
    if name.endswith("_id"):
        value = value.id
    return value.isoformat() if hasattr(value, "isoformat") else value or False
