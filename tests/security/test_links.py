"""A person of one company never links to a record of another one, whatever way they
write: every relation of every model of this app is tried.
"""

from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from ..support.neighbours import FOREIGN, NeighboursCommon


@tagged("post_install", "-at_install")
class TestLinks(NeighboursCommon):
    def assertRefused(self, call, *args):
        """Check that a call is refused in words that name no foreign record."""
        with (
            self.assertRaises(AccessError) as caught,
            self.env.cr.savepoint(),
        ):
            call(*args)
            self.env.flush_all()
        self.assertClean(str(caught.exception))
        self.env.invalidate_all()

    def assertClean(self, text):
        self.assertNotIn(FOREIGN.lower(), text.lower())

    def _as_person(self, model):
        return self.own[model].with_user(self.person)

    def _try_all(self, attempt):
        count = 0
        for name, field, foreign in self.links():
            with self.subTest(model=name, field=field.name):
                attempt(self._as_person(name), field, foreign)
                count += 1
        self.assertGreater(count, 130)

    def test_every_model_is_guarded_and_tried(self):
        guarded = self.env.registry["saas.guarded.mixin"]
        for name in self.own_models():
            with self.subTest(model=name):
                self.assertTrue(issubclass(self.env.registry[name], guarded))
                self.assertEqual(len(self.own[name]), 1)
                self.assertEqual(len(self.foreign[name]), 1)
                company = self.foreign[name]
                if "company_id" in company._fields:
                    self.assertEqual(company.company_id, self.other_company)

    def test_what_is_right_is_let_through(self):
        """Else all that follows would prove nothing."""
        for name in self.own_models():
            model = self._as_person(name).browse()
            if not model.has_access("create"):
                continue
            with self.subTest(model=name):
                self.assertTrue(model.create(self.valid_vals(name)))
                self.env.flush_all()

    def test_write(self):
        def attempt(record, field, foreign):
            self.assertRefused(record.write, {field.name: _value(field, foreign)})
            if field.type == "many2one":
                self.assertRefused(record.write, {field.name: str(foreign.id)})
            else:
                command = [Command.set(foreign.ids)]
                self.assertRefused(record.write, {field.name: command})
                command = [Command.update(foreign.id, {})]
                self.assertRefused(record.write, {field.name: command})

        self._try_all(attempt)

    def test_create(self):
        def attempt(record, field, foreign):
            vals = {
                **self.valid_vals(record._name),
                field.name: _value(field, foreign),
            }
            self.assertRefused(record.browse().create, vals)

        self._try_all(attempt)

    def test_defaults_of_the_context(self):
        def attempt(record, field, foreign):
            vals = self.valid_vals(record._name)
            vals.pop(field.name, None)
            default = foreign.id if field.type == "many2one" else foreign.ids
            model = record.browse().with_context(**{f"default_{field.name}": default})
            self.assertRefused(model.create, vals)
            spec = {field.name: {"fields": {"display_name": {}}}}
            self.assertRefused(model.onchange, {}, [], spec)

        self._try_all(attempt)

    def test_defaults_of_a_person(self):
        """Who sets a default for all that they create can't link by it either."""
        tax = self.foreign["account.tax"]
        self.env["ir.default"].with_user(self.person).sudo().set(
            "saas.tax.mapping", "tax_id", tax.id, user_id=self.person.id
        )
        model = self._as_person("saas.tax.mapping").browse()
        vals = self.valid_vals(model._name)
        vals.pop("tax_id")
        self.assertRefused(model.create, vals)

    def test_web_save(self):
        def attempt(record, field, foreign):
            value = {field.name: _value(field, foreign)}
            spec = {"display_name": {}}
            self.assertRefused(record.web_save, value, spec)
            vals = {**self.valid_vals(record._name), **value}
            self.assertRefused(record.browse().web_save, vals, spec)

        self._try_all(attempt)

    def test_onchange(self):
        def attempt(record, field, foreign):
            spec = {
                name: {"fields": {"display_name": {}}} if other.comodel_name else {}
                for name, other in record._fields.items()
                if not other.groups
            }
            values = {field.name: _value(field, foreign)}
            for target in (record, record.browse()):
                self.assertRefused(target.onchange, values, [field.name], spec)

        self._try_all(attempt)

    def test_import(self):
        def attempt(record, field, foreign):
            model = record.browse()
            before = model.sudo().search_count([])
            vals = self.valid_vals(record._name)
            vals.pop(field.name, None)
            columns, row = [], []
            for name, value in vals.items():
                if model._fields[name].type in ("many2many", "one2many"):
                    columns.append(f"{name}/.id")
                    row.append(",".join(map(str, value[0][2])))
                elif model._fields[name].type == "many2one":
                    columns.append(f"{name}/.id")
                    row.append(str(value))
                else:
                    columns.append(name)
                    row.append(value)
            columns.append(f"{field.name}/.id")
            row.append(str(foreign.id))
            try:
                result = model.load(columns, [row])
            except AccessError as error:
                result = {"ids": False, "messages": [str(error)]}
            self.assertFalse(result["ids"])
            self.assertTrue(result["messages"])
            self.assertClean(str(result["messages"]))
            self.env.invalidate_all()
            self.assertEqual(model.sudo().search_count([]), before)

        self._try_all(attempt)

    def test_lines_of_own_records(self):
        """What is created or changed within a record's lines is held to the same."""
        count = 0
        for name in self.own_models():
            record = self._as_person(name)
            for field in record._fields.values():
                if field.type != "one2many" or not field.comodel_name.startswith(
                    "saas."
                ):
                    continue
                line = self.own[field.comodel_name]
                vals = self.valid_vals(field.comodel_name)
                for inner in line._fields.values():
                    foreign = self.foreign.get(inner.comodel_name)
                    if not foreign or inner.name in ("create_uid", "write_uid"):
                        continue
                    with self.subTest(model=name, field=field.name, inner=inner.name):
                        value = {inner.name: _value(inner, foreign)}
                        for command in (
                            Command.create({**vals, **value}),
                            Command.update(line.id, value),
                        ):
                            self.assertRefused(record.write, {field.name: [command]})
                            count += 1
        self.assertGreater(count, 100)

    def test_platform_of_another_company_stays(self):
        """What an account is connected to does not keep its people from the rest."""
        source = self._as_person("saas.source")
        platform = self.foreign["saas.source"]
        source.sudo().write({"account_ref": "acct_1", "platform_id": platform.id})
        source.write({"platform_id": platform.id, "rate_limit": 3})
        values = {"platform_id": {"id": platform.id}, "rate_limit": 4}
        spec = {"rate_limit": {}, "is_ready": {}}
        self.assertIn("value", source.onchange(values, ["rate_limit"], spec))

    def test_line_of_a_record_that_is_made_up(self):
        """An onchange of a line states its record, which may state anything."""
        company = self.other_company
        values = {"source_id": {"id": self.source.id, "company_id": company.id}}
        spec = {"company_id": {"fields": {"display_name": {}}}}
        line = self._as_person("saas.tax.mapping").browse()
        self.assertRefused(line.onchange, values, ["source_id"], spec)

    def test_records_of_the_other_company(self):
        for name in self.own_models():
            record = self.foreign[name].with_user(self.person)
            if record._transient or "company_id" not in record._fields:
                continue
            with self.subTest(model=name):
                self.assertRefused(record.read, ["display_name"])
                self.assertRefused(record.write, {"company_id": self.company.id})
                self.assertRefused(record.unlink)

    def test_other_company_in_the_context(self):
        source = self._as_person("saas.source").with_context(
            allowed_company_ids=[self.company.id, self.other_company.id]
        )
        self.assertRefused(source.write, {"name": "mine"})
        self.assertRefused(source.browse(self.foreign["saas.source"].id).read, ["name"])

    def test_accounting_s_own_records(self):
        """No default of the context makes Odoo's own forms tell of a source."""
        for model in ("account.move", "account.payment"):
            for name in ("saas_source_id", "saas_tenant_id"):
                field = self.env[model]._fields[name]
                foreign = self.foreign[field.comodel_name]
                spec = {name: {"fields": {"display_name": {}}}}
                self.person.group_ids |= self.env.ref("account.group_account_invoice")
                empty = self.env[model].with_user(self.person)
                with self.subTest(model=model, field=name):
                    default = empty.with_context(**{f"default_{name}": foreign.id})
                    self.assertRefused(default.onchange, {}, [], spec)
                    self.assertRefused(
                        empty.onchange, {name: foreign.id}, ["ref"], spec
                    )


def _value(field, record):
    """Return what to write into a field to link it to ``record``."""
    return record.id if field.type == "many2one" else [Command.link(record.id)]
