"""The rules of the house, held against this addon; and each rule against an addon that
breaks it, so that no rule is one that finds nothing.
"""

import tempfile
from pathlib import Path

from odoo.tests import BaseCase, tagged

from . import rules, rules_form, rules_lists, rules_words
from .tree import Tree

ROOT = Path(__file__).parents[2]

#: For each rule a small addon as files and their content, and the beginning of each
#: line that the rule must say of it.
PLANTED = {
    rules.find_wrong_edges: (
        {
            "models/a.py": "class A:\n    _name = 'saas.a'\n"
            "    def go(self):\n        self.env['saas.handler.invoice']\n",
            "handlers/invoice.py": "from ..adapters import stripe\n"
            "class B:\n    _name = 'saas.handler.invoice'\n",
            "ledger/c.py": "from odoo.addons.saas_billing_sync.models import a\n",
            "pipeline/d.py": "class D:\n    def go(self, kind):\n"
            "        self.env[f'saas.handler.{kind}']\n"
            "        self.env['saas.handler.invoice']\n",
        },
        (
            "models/a.py:4",
            "handlers/invoice.py:1",
            "ledger/c.py:1",
            "pipeline/d.py:4",
        ),
    ),
    rules.find_odoo_in_canonical: (
        {"canonical/a.py": "import odoo.fields\nfrom odoo import models\n"},
        ("canonical/a.py:1", "canonical/a.py:2"),
    ),
    rules.find_foreign_bookings: (
        {
            "models/odoo/move.py": "class M:\n    _inherit = 'account.move'\n"
            "    saas_state = 1\n    def go(self):\n        self.saas_state = 2\n",
            "ledger/a.py": "def go(move):\n    move._post()\n",
            "handlers/b.py": "def go(env, move):\n    move._post()\n"
            "    env['account.move'].create({})\n    move.saas_state = 'paid'\n",
            "wizards/c.py": "def go(lines):\n    lines.reconcile()\n",
        },
        (
            "handlers/b.py:2",
            "handlers/b.py:3",
            "handlers/b.py:4",
            "wizards/c.py:2",
        ),
    ),
    rules.find_writing_adapters: (
        {"adapters/x/a.py": "def go(record):\n    record.write({})\n"},
        ("adapters/x/a.py:2",),
    ),
    rules.find_handlers_without_fact: (
        {
            "canonical/kinds.py": "class Kind:\n    INVOICE = 'invoice'\n",
            "canonical/facts/a.py": "class A:\n    kind = Kind.INVOICE\n",
            "canonical/facts/b.py": "class B:\n    kind = 'refund'\n",
            "handlers/a.py": "class A:\n    _name = 'saas.handler.invoice'\n",
            "handlers/c.py": "class C:\n    _name = 'saas.handler.cash'\n",
        },
        ("handlers/c.py", "canonical/facts/b.py:1"),
    ),
    rules.find_undeclared_contract: (
        {
            "adapters/adapter.py": "class A:\n    _codes = ()\n"
            "    def _read(self):\n        '''Return it.'''\n"
            "    def _verify(self):\n        pass\n",
            "pipeline/a.py": "def go(source, adapter):\n    adapter._read()\n"
            "    adapter._verify()\n    source._get_adapter()._list()\n"
            "    adapter._codes\n",
        },
        ("pipeline/a.py:3", "pipeline/a.py:4"),
    ),
    rules.find_scattered_models: (
        {
            "models/source/a.py": "class A:\n    _name = 'saas.source'\n"
            "    def go(self):\n        pass\n",
            "models/source/b.py": "class B:\n    _inherit = 'saas.source'\n"
            "    def go(self):\n        pass\n",
            "pipeline/c.py": "class C:\n    _inherit = 'saas.source'\n",
        },
        ("pipeline/c.py:1", "models/source/b.py:3"),
    ),
    rules_form.find_vendor_words: (
        {
            "adapters/stripe/a.py": "PATH = '/v1/charges'\n",
            "models/a.py": "'''Stripe's documentation says so.'''\n"
            "NAME = fields.Char(help='The id at Stripe, such as pi_1.')\n",
            "pipeline/b.py": "PATH = '/v1/charges'\nwanted = {'payment_intent': 1}\n"
            "stripe_rate = 'pi_1'\n",
        },
        ("pipeline/b.py:1", "pipeline/b.py:2", "pipeline/b.py:3", "pipeline/b.py:3"),
    ),
    rules_form.find_strange_folders: (
        {"handlers/invoices/a.py": "", "handlers/documents/a.py": ""},
        ("handlers/invoices",),
    ),
    rules_form.find_oversize: (
        {
            "models/a.py": "\n" * 301,
            "models/b.py": "def go():\n" + "    pass\n" * 50,
            "models/utils.py": "",
            **{f"wizards/w{number}.py": "" for number in range(16)},
        },
        ("models/a.py", "models/b.py:1", "models/utils.py", "wizards"),
    ),
    rules_form.find_unsorted_registries: (
        {
            "handlers/__init__.py": "from . import documents\n"
            "from . import customers\n",
            "models/__init__.py": "from . import customers\nfrom . import documents\n",
            "adapters/x/events.py": "from .documents import invoice\n"
            "from .customers import customer\n"
            "TABLE = {'b': invoice.read, 'a': customer.read}\n",
            "tests/__init__.py": "from .payments import test_a\n"
            "from .customers import test_b\n",
            "__manifest__.py": "{'data': ['views/menus.xml', 'data/customers/a.xml',"
            " 'views/documents/a.xml', 'views/customers/a.xml']}",
        },
        (
            "__manifest__.py",
            "__manifest__.py",
            "adapters/x/events.py",
            "handlers/__init__.py",
            "tests/__init__.py",
        ),
    ),
    rules_words.find_missing_docstrings: (
        {
            "models/a.py": "class A:\n    pass\nclass B:\n    '''The same.'''\n"
            "class C:\n    '''What it is.'''\n    def go(self):\n        pass\n"
            "    def _go(self):\n        pass\n    def _stop(self):\n"
            "        '''As :meth:`_go`, the other way.'''\n",
            "canonical/b.py": "class D:\n    '''What it is.'''\n"
            "    def go(self):\n        '''Go.'''\n"
            "class E(D):\n    '''What else.'''\n    def go(self):\n"
            "        pass\n    def stop(self):\n        pass\n",
            "adapters/x/c.py": "'''Of events.'''\n",
        },
        (
            "models/a.py:1",
            "models/a.py:3",
            "models/a.py:7",
            "models/a.py:11",
            "canonical/b.py:9",
            "adapters/x/c.py:1",
        ),
    ),
    rules_words.find_untranslated_texts: (
        {
            "models/a.py": "def go(self):\n    raise UserError('Set it.')\n"
            "    raise UserError(self.env._('Set it.'))\n"
            "    raise UserError(self.env._('not set'))\n"
        },
        ("models/a.py:2", "models/a.py:4"),
    ),
    rules_words.find_fragments: (
        {
            "ledger/a.py": "def go(self, item, reason):\n"
            "    item.quarantine(reason, self.env._('no journal'))\n"
            "    item.ignore(reason, self.env._('There is no journal.'))\n"
            "    raise Quarantine(reason, f'{item} is unknown')\n",
            "models/b.py": "name = fields.Char(help='its name')\n"
            "kind = fields.Char(help='Its kind.')\n"
            "_one = models.Constraint('CHECK (a > 0)', 'must be more')\n"
            "_two = models.Constraint('CHECK (a > 0)', 'It must be more.')\n",
        },
        ("ledger/a.py:2", "ledger/a.py:4", "models/b.py:1", "models/b.py:3"),
    ),
    rules_words.find_stale_references: (
        {
            "models/inbox/a.py": "'''See ``b.py``, ``models/c.py`` and ``d.py``.\n\n"
            ":param e: a :class:`~...canonical.f.F`, no :class:`~..canonical.f.F`.\n"
            "'''\n",
            "models/inbox/b.py": "",
            "models/c.py": "",
            "canonical/f.py": "",
        },
        ("models/inbox/a.py:1", "models/inbox/a.py:3"),
    ),
    rules_lists.find_open_lists: (
        {
            "canonical/kinds.py": "class Kind:\n    INVOICE = 'invoice'\n",
            "canonical/actions.py": "class Action:\n    POSTED = 'invoice_posted'\n",
            "canonical/reasons.py": "class Reason:\n    LOCKED = 'period_locked'\n",
            "handlers/a.py": "def go(item, state):\n    item.park('invoice', 1)\n"
            "    item.log(f'invoice_{state}')\n    item.log(Action.POSTED)\n"
            "    item.quarantine('period_locked', '')\n"
            "    known = [('kind', '=', 'invoice')]\n",
        },
        ("handlers/a.py:2", "handlers/a.py:3", "handlers/a.py:5", "handlers/a.py:6"),
    ),
    rules_lists.find_lost_tests: (
        {
            "tests/__init__.py": "from .documents import test_held\n",
            "tests/documents/__init__.py": "from . import test_held, test_lost\n",
            "tests/documents/test_held.py": "",
            "tests/documents/test_lost.py": "",
        },
        ("tests/documents/test_lost.py",),
    ),
    rules_lists.find_untested_files: (
        {
            "handlers/a.py": "class A:\n    _name = 'saas.handler.invoice'\n",
            "handlers/a_long.py": "class B:\n    _name = 'saas.handler.invoice.x'\n",
            "ledger/b.py": "",
            "ledger/c.py": "",
            "tests/documents/test_a.py": "'''saas.handler.invoice. Covers ledger/b.'''",
            "tests/documents/test_b.py": "'''Covers ledger/gone and ledger/b_c.'''\n",
            "tests/support/c.py": "'''ledger/c'''\n",
        },
        (
            "handlers/a_long.py",
            "ledger/c.py",
            "tests/documents/test_b.py",
            "tests/documents/test_b.py",
        ),
    ),
}


@tagged("post_install", "-at_install")
class TestRooms(BaseCase):
    """Everything is where the plan of the house says, and called as it says."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.tree = Tree(ROOT)

    def test_this_addon_keeps_the_rules(self):
        for rule in PLANTED:
            with self.subTest(rule=rule.__name__):
                self.assertEqual(list(rule(self.tree)), [])

    def test_each_rule_names_who_breaks_it(self):
        for rule, (files, expected) in PLANTED.items():
            with (
                self.subTest(rule=rule.__name__),
                tempfile.TemporaryDirectory() as folder,
            ):
                for name, text in files.items():
                    path = Path(folder) / name
                    path.parent.mkdir(parents=True, exist_ok=True)
                    path.write_text(text)
                found = [line.split(": ")[0] for line in rule(Tree(folder))]
                self.assertEqual(sorted(found), sorted(expected))

    def test_no_rule_is_left_out(self):
        every = {
            rule
            for module in (rules, rules_form, rules_lists, rules_words)
            for name, rule in vars(module).items()
            if name.startswith("find_")
        }
        self.assertEqual(every, set(PLANTED))
