"""What only own code writes, and what the log says of what people write."""

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from ..support.neighbours import NeighboursCommon

#: A value that a field of each type takes.
_VALUES = {
    "boolean": True,
    "char": "forged",
    "date": "2026-01-01",
    "datetime": "2026-01-01 00:00:00",
    "float": 3.5,
    "html": "<p>forged</p>",
    "integer": 3,
    "json": {"forged": 1},
    "monetary": 3.5,
    "text": "forged",
}
#: Some that the books depend on; the test walks over all there are.
_KNOWN = {
    ("saas.source", "token"),
    ("saas.source", "balance_cursor"),
    ("saas.tenant", "synced_values"),
    ("saas.dispute", "state"),
    ("saas.payout", "move_id"),
    ("saas.difference", "state"),
}
_MIRRORED = {
    ("account.move", "saas_external_id"),
    ("account.move", "saas_source_id"),
    ("account.move", "saas_state"),
    ("account.payment", "saas_tenant_id"),
    ("account.move.line", "saas_external_id"),
    ("res.partner", "saas_vat_key"),
}


@tagged("post_install", "-at_install")
class TestCodeOnly(NeighboursCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.person.group_ids |= cls.env.ref("account.group_account_manager")
        cls.person.group_ids |= cls.env.ref("base.group_partner_manager")

    def _value(self, field):
        if field.type == "selection":
            return field.get_values(self.env)[-1]
        if field.type == "many2one":
            own = self.own.get(field.comodel_name)
            return (own or self.env[field.comodel_name].search([], limit=1)).id
        return _VALUES.get(field.type, [])

    def assertForged(self, record, name, value, **vals):
        """Check that nobody sets a field in any way there is.

        :param vals: what Odoo itself needs to create such a record.
        """
        model = record.browse()
        spec = {"display_name": {}}
        for attempt in (
            lambda: record.write({name: value}),
            lambda: record.with_context(saas_pipeline=True).write({name: value}),
            lambda: record.web_save({name: value}, spec),
            lambda: model.create({**vals, name: value}),
            lambda: model.with_context(**{f"default_{name}": value}).create(vals),
        ):
            with self.assertRaises(AccessError), self.env.cr.savepoint():
                attempt()
        self.assertTrue(model.fields_get([name])[name]["readonly"])

    def test_read_only_means_it(self):
        tried = set()
        for name in self.own_models():
            record = self.own[name].with_user(self.person)
            if record._transient or not record.has_access("write"):
                continue
            for field in record._fields.values():
                if not field.readonly or field.groups or field.name == "id":
                    continue
                with self.subTest(model=name, field=field.name):
                    self.assertForged(record, field.name, self._value(field))
                    tried.add((name, field.name))
        self.assertLessEqual(_KNOWN, tried)

    def test_mirror_fields(self):
        """The links from accounting to what it mirrors, on each of Odoo's models."""
        move = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.partner_a.id,
                "invoice_line_ids": [Command.create({"name": "x", "price_unit": 1})],
            }
        )
        records = {
            **self.own,
            "account.move": move,
            "account.move.line": move.invoice_line_ids,
        }
        tried = set()
        for name, model in self.env.registry.items():
            if name.startswith("saas.") or model._abstract:
                continue
            for field in model._fields.values():
                if not field.name.startswith("saas_") or name not in records:
                    continue
                record = records[name].with_user(self.person)
                with self.subTest(model=name, field=field.name):
                    line = {"move_id": move.id} if name == "account.move.line" else {}
                    value = self._value(field)
                    self.assertForged(record, field.name, value, **line)
                    tried.add((name, field.name))
        self.assertLessEqual(_MIRRORED, tried)
        # Whatever has such a field is guarded, also what the test has no record of.
        guarded = self.env.registry["saas.code.only.mixin"]
        for name, model in self.env.registry.items():
            own = any(
                field.startswith("saas_") and not model._fields[field].inherited
                for field in model._fields
            )
            if own and not name.startswith("saas.") and not model._abstract:
                self.assertTrue(issubclass(model, guarded), name)

    def test_accountants_still_work(self):
        invoice = (
            self.env["account.move"]
            .with_user(self.person)
            .create(
                {
                    "move_type": "out_invoice",
                    "partner_id": self.partner_a.id,
                    "invoice_line_ids": [
                        Command.create({"name": "x", "price_unit": 1})
                    ],
                }
            )
        )
        invoice.sudo().write({"saas_source_id": self.source.id, "saas_state": "open"})
        invoice.action_post()
        invoice.button_draft()
        invoice.narration = "by hand"
        copied = invoice.copy()
        self.assertFalse(copied.saas_source_id)


@tagged("post_install", "-at_install")
class TestLogOfPeople(NeighboursCommon):
    def assertLogged(self, record, action, detail, source=None):
        row = self.env["saas.sync.log"].search(
            [("res_model", "=", record._name), ("res_id", "=", record.id)], limit=1
        )
        self.assertEqual(
            (row.actor, row.action, row.detail or None, row.source_id),
            ("neighbour", action, detail, source or self.source),
        )

    def test_each_change_has_a_row(self):
        for name, vals in (
            ("saas.source", {"rate_limit": 3, "name": "renamed"}),
            ("saas.source.secret", {"new_value": "whsec_copper_willow"}),
            ("saas.product.mapping", {"external_id": "price_other"}),
            ("saas.tax.mapping", {"external_id": "txr_other"}),
            ("saas.tax.rule", {"sequence": 3}),
            ("saas.tenant", {"ref": "x"}),
            ("saas.dispute", {"user_id": self.person.id}),
            ("saas.difference", {"note": "x"}),
        ):
            with self.subTest(model=name):
                record = self.own[name].with_user(self.person)
                record.write(vals)
                names = ", ".join(sorted(vals))
                self.assertLogged(record, "changed_by_person", names)
        self.assertEqual(self.env["saas.sync.log"]._verify_chain(self.source), 0)
        details = self.env["saas.sync.log"].search([]).mapped("detail")
        self.assertNotIn("willow", str(details))

    def test_every_model_that_people_write_is_tried(self):
        """A model without a log to write to would lose what people do."""
        for name in self.own_models():
            record = self.own[name]
            writable = any(
                record.with_user(self.person).has_access(operation)
                for operation in ("write", "create", "unlink")
            )
            if writable and not record._transient:
                with self.subTest(model=name):
                    self.assertEqual(record._get_log_source(), self.source)

    def test_begin_and_end(self):
        for name in ("saas.product.mapping", "saas.tax.rule", "saas.source.secret"):
            with self.subTest(model=name):
                model = self.env[name].with_user(self.person)
                record = model.create(self.valid_vals(name))
                self.assertLogged(record, "created_by_person", None)
                record.unlink()
                self.assertLogged(record, "deleted_by_person", None)
        source = (
            self.env["saas.source"]
            .with_user(self.person)
            .create(
                {
                    **self.valid_vals("saas.source"),
                    "secret_ids": [Command.create({"new_value": "whsec_lantern_moon"})],
                }
            )
        )
        self.assertLogged(source, "created_by_person", None, source)
        self.assertLogged(source.secret_ids, "created_by_person", None, source)
        self.assertEqual(self.env["saas.sync.log"]._verify_chain(source), 0)
        with self.assertRaisesRegex(UserError, "Pause"):
            source.unlink()

    def test_chatter_has_its_own(self):
        tenant = self.own["saas.tenant"].with_user(self.person)
        before = self.env["saas.sync.log"].search_count([])
        tenant.message_subscribe(self.person.partner_id.ids)
        said = "called them"
        tenant.message_post(body=said)
        self.assertEqual(self.env["saas.sync.log"].search_count([]), before)
