"""Rows of each model that a manager may write, beside secrets in the vault."""


class VaultRowsMixin:
    """Makes two rows of each model in a :class:`~..support.live.LiveCase`, the second
    with what the first must not have.

    The class has the ``secrets`` and the ``key`` to paste, and a variable
    ``SAAS_SECRET_1_KEY`` in the server's environment.
    """

    @classmethod
    def fill(cls):
        """Make the rows, with their ids by model in ``cls.rows``."""
        cls.admin.call(
            "saas.source",
            "write",
            [cls.source_id],
            {
                "secret_ids": [(5,), *((0, 0, {"new_value": s}) for s in cls.secrets)],
                "new_api_key": cls.key,
            },
        )
        cls._fill_sources()
        cls._fill_mappings()
        cls._fill_plans()
        cls._fill_rules()
        cls._fill_differences()
        cls._fill_cases()

    @classmethod
    def _fill_sources(cls):
        vals = {"tz": "UTC", "platform_id": cls.source_id}
        cls.rows = {
            "saas.source": [
                cls.admin.add("saas.source", name=ref, account_ref=ref, **vals)
                for ref in ("acct_first", "acct_taken")
            ],
            "saas.source.secret": cls.admin.call("saas.source.secret", "search", []),
        }
        for source_id in cls.rows["saas.source"]:
            cls.admin.call(
                "saas.source",
                "write",
                [source_id],
                {
                    "new_api_key": "env:SAAS_SECRET_1_KEY",
                    "secret_ids": [(0, 0, {"new_value": cls.secrets[0]})],
                    "credential_ids": [
                        (0, 0, {"kind": "api_key", "new_secret": cls.secrets[1]})
                    ],
                },
            )
        cls._fill_readings()
        cls.sql(
            "UPDATE saas_source SET token = 'taken' WHERE account_ref = 'acct_taken'"
        )

    @classmethod
    def _fill_readings(cls):
        cls.rows["saas.source.credential"] = cls.admin.call(
            "saas.source.credential", "search", []
        )
        cls.rows["saas.cursor"] = [
            row_id
            for stream in ("free", "taken")
            for (row_id,) in cls.sql(
                """INSERT INTO saas_cursor (source_id, company_id, stream, minutes)
                   VALUES (%s, %s, %s, 5) RETURNING id""",
                *(cls.source_id, cls.company_id, stream),
            )
        ]

    @classmethod
    def _fill_mappings(cls):
        tax_id = cls.create_vat(19)
        product_id = cls.admin.find("product.product", name="Plan")
        for model, values in (
            ("saas.product.mapping", {"product_id": product_id}),
            ("saas.tax.mapping", {"tax_id": tax_id}),
        ):
            cls.rows[model] = [
                cls.admin.add(
                    model, source_id=cls.source_id, external_id=external_id, **values
                )
                for external_id in ("free", "taken")
            ]
        cls.rows["saas.tax.rule"] = [
            cls.admin.add("saas.tax.rule", source_id=cls.source_id, tax_id=tax_id)
        ]

    @classmethod
    def _fill_plans(cls):
        company = {"company_id": cls.company_id}
        for model in ("saas.meter", "saas.plan"):
            cls.rows[model] = [
                cls.admin.add(model, code=code, name=code, **company)
                for code in ("free", "taken")
            ]
        cls.rows["saas.plan.group"] = [
            cls.admin.add("saas.plan.group", name="Free", **company)
        ]
        cls.rows["saas.plan.version"] = versions = [
            cls.admin.add("saas.plan.version", plan_id=cls.rows["saas.plan"][0])
            for _number in range(2)
        ]
        for model, named in (
            ("saas.plan.component", {"name": "Part"}),
            ("saas.plan.feature", {}),
        ):
            cls.rows[model] = [
                cls.admin.add(model, code=code, version_id=versions[0], **named)
                for code in ("free", "taken")
            ]
        [component, _other] = cls.rows["saas.plan.component"]
        cls.rows["saas.price"] = [
            cls.admin.add("saas.price", component_id=component, valid_from=begin)
            for begin in (False, "2026-01-01")
        ]

    @classmethod
    def _fill_rules(cls):
        """Make rules of what Odoo itself owns, its own source, and somebody to tell."""
        cls.admin.add("saas.source", name="Odoo", adapter="odoo", tz="UTC")
        cls.rows["saas.ownership"] = [
            cls.admin.add("saas.ownership", company_id=cls.company_id, kind=kind)
            for kind in ("invoice", "payment")
        ]
        cls.rows["saas.approval.policy"] = [
            cls.admin.add("saas.approval.policy", company_id=cls.company_id, kind=kind)
            for kind in ("bind_by_hand", "map_first")
        ]
        incomes = [
            cls._add_account(f"8599{n}", f"Income {n}", "income") for n in (1, 2)
        ]
        deferred = cls._add_account("85993", "Deferred", "liability_current")
        cls.rows["saas.revenue.account"] = [
            cls.admin.add(
                "saas.revenue.account",
                company_id=cls.company_id,
                income_account_id=income,
                deferred_account_id=deferred,
            )
            for income in incomes
        ]
        cls.taken_income = incomes[1]
        cls.rows["saas.revenue.reason"] = [
            cls.admin.add(
                "saas.revenue.reason",
                source_id=cls.source_id,
                word=word,
                crediting="prospective",
            )
            for word in ("free", "taken")
        ]
        cls.rows["saas.metrics.token"] = [
            cls.admin.add("saas.metrics.token", company_id=cls.company_id, name="site")
        ]
        cls.rows["saas.alert.rule"] = cls.admin.call("saas.alert.rule", "search", [])
        cls.rows["saas.outbound.target"] = [
            cls.admin.add("saas.outbound.target", company_id=cls.company_id, name="crm")
        ]

    @classmethod
    def _add_account(cls, code, name, kind):
        """Return the id of a new account of the company."""
        companies = [(6, 0, [cls.company_id])]
        values = {"code": code, "name": name, "account_type": kind}
        return cls.admin.add("account.account", company_ids=companies, **values)

    @classmethod
    def _fill_differences(cls):
        cls.rows["saas.difference"] = [
            row_id
            for external_id in ("free", "taken")
            for (row_id,) in cls.sql(
                """INSERT INTO saas_difference
                       (source_id, company_id, kind, result, external_id, field, state)
                   VALUES (%s, %s, 'invoice', 'different', %s, 'amount', 'open')
                   RETURNING id""",
                *(cls.source_id, cls.company_id, external_id),
            )
        ]

    @classmethod
    def _fill_cases(cls):
        cls.rows["saas.exception.tag"] = [
            cls.admin.add("saas.exception.tag", company_id=cls.company_id, name=name)
            for name in ("free", "taken")
        ]
        cls.rows["saas.exception"] = [
            row_id
            for cause_key in ("free", "taken")
            for (row_id,) in cls.sql(
                """INSERT INTO saas_exception
                       (source_id, company_id, reason, cause_key, state, severity)
                   VALUES (%s, %s, 'not_configured', %s, 'open', '2')
                   RETURNING id""",
                *(cls.source_id, cls.company_id, cause_key),
            )
        ]
