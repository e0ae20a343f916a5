from odoo import models

from ....canonical.kinds import Kind

#: What the binding of an order says whose contract was withdrawn.
_WITHDRAWN = "withdrawn"


class SaasSalesOrders(models.AbstractModel):
    """Writes the sales orders that won contracts are, where Sales is installed: one for
    each contract, confirmed, and amended as long as it is held. What is invoiced comes
    from billing runs alone.
    """

    _name = "saas.sales.orders"
    _description = "SaaS sales orders"

    def _amend(self, agreed):
        """Bring the orders of contracts to what is agreed, all of them at once. An
        order that somebody has cancelled or deleted in Sales stays as they left it.

        :param agreed: by contract its subscription, and what is agreed of it as
            :meth:`SaasSubscription._find_ordered` returns it.
        """
        bindings = self._find_bindings(agreed)
        orders = self._read_orders(bindings)
        self._win_again(bindings, orders)
        new = self._create_orders({c: agreed[c] for c in agreed if c not in bindings})
        old = {c: orders[c] for c in bindings if orders[c].state == "sale"}
        records = self.env["sale.order"].union(*old.values())
        locked = records.filtered("locked")
        locked.locked = False
        self._write_lines({**old, **new}, {c: agreed[c][1] for c in (*old, *new)})
        for contract, order in old.items():
            self._write_changed(order, self._prepare_terms_vals(agreed[contract][0]))
        self._confirm(new)
        locked.locked = True

    def _find_bindings(self, contracts):
        """Return the bindings of the orders of contracts, by contract, for those that
        have one.
        """
        found = {}
        bindings = self.env["saas.binding"].sudo()
        for source, own in (
            self.env["saas.contract"].concat(*contracts).grouped("source_id").items()
        ):
            by_ref = bindings._find(source, Kind.SALES_ORDER, own.mapped("external_id"))
            found |= {c: by_ref[c.external_id] for c in own if c.external_id in by_ref}
        return found

    def _read_orders(self, bindings):
        """Return the orders that bindings are of, by contract; empty for one that
        somebody has deleted.
        """
        orders = self.env["sale.order"]
        ids = [binding.res_id for binding in bindings.values()]
        there = {order.id: order for order in orders.browse(ids).exists()}
        return {c: there.get(b.res_id, orders) for c, b in bindings.items()}

    def _win_again(self, bindings, orders):
        """Confirm the orders anew whose contracts were withdrawn, and are won after
        all.
        """
        again = [c for c in bindings if bindings[c].version == _WITHDRAWN and orders[c]]
        records = self.env["sale.order"].union(*(orders[c] for c in again))
        if records:
            records.state = "draft"
            records.action_confirm()
        for contract in again:
            bindings[contract].version = False

    def _create_orders(self, agreed):
        """Return new quotations for contracts, without lines, by contract."""
        found, bindings = {}, self.env["saas.binding"].sudo()
        contracts = self.env["saas.contract"].concat(*agreed)
        for company, own in contracts.grouped("company_id").items():
            lists = self._find_pricelists({c: agreed[c][0] for c in own})
            vals_list = [
                self._prepare_order_vals(c, agreed[c][0], lists[c]) for c in own
            ]
            orders = self.env["sale.order"].with_company(company).create(vals_list)
            found |= zip(own, orders, strict=True)
        bindings.create(
            [
                bindings._prepare_vals(
                    c.source_id, Kind.SALES_ORDER, c.external_id, order
                )
                for c, order in found.items()
            ]
        )
        return found

    def _confirm(self, orders):
        """Confirm new orders, each as of the day on which its contract was won.

        :param orders: by contract.
        """
        for company, own in (
            self.env["sale.order"].union(*orders.values()).grouped("company_id").items()
        ):
            own.with_company(company).action_confirm()
        for contract, order in orders.items():
            order.date_order = contract.won_at or order.date_order

    def _prepare_order_vals(self, contract, subscription, pricelist):
        """Return the values of a new quotation for a contract, without lines."""
        tenant = subscription.tenant_id
        return {
            "company_id": contract.company_id.id,
            "partner_id": tenant.booking_partner_id.id,
            "partner_shipping_id": tenant.partner_id.id,
            "pricelist_id": pricelist.id,
            "user_id": subscription.user_id.id,
            "origin": contract.number or contract.external_id,
            **self._prepare_terms_vals(subscription),
        }

    def _prepare_terms_vals(self, subscription):
        """Return the values of an order that may change while it is fulfilled."""
        tenant = subscription.tenant_id
        terms = (
            tenant.payment_term_id
            or tenant.booking_partner_id.with_company(
                subscription.company_id
            ).property_payment_term_id
        )
        return {
            "client_order_ref": subscription.purchase_order
            or tenant.purchase_order
            or False,
            "payment_term_id": terms.id,
        }

    def _find_pricelists(self, subscriptions):
        """Return by contract the price list that gives its order its currency; empty
        for the company's own currency.

        :param subscriptions: by contract.
        """
        lists, found = {}, {}
        codes = {c: (s.held or {}).get("currency") for c, s in subscriptions.items()}
        values = self.env["saas.customers.partner_values"]
        currencies = values._get_currencies({*codes.values()} - {None})
        for contract, subscription in subscriptions.items():
            currency = subscription.currency_id or currencies.get(codes[contract])
            company = contract.company_id
            key = company, currency
            if key not in lists:
                lists[key] = self._find_pricelist(company, currency)
            found[contract] = lists[key]
        return found

    def _find_pricelist(self, company, currency):
        """Return the price list of a currency, which is made where there is none."""
        lists = self.env["product.pricelist"]
        if not currency or currency == company.currency_id:
            return lists
        found = lists.search(
            [("currency_id", "=", currency.id), ("company_id", "=", company.id)],
            limit=1,
        )
        return found or lists.create(
            {
                "name": self.env._("Contracts in %s", currency.name),
                "currency_id": currency.id,
                "company_id": company.id,
            }
        )

    def _write_changed(self, order, vals):
        changed = {
            name: value
            for name, value in vals.items()
            if order._fields[name].convert_to_write(order[name], order) != value
        }
        if changed:
            order.write(changed)

    def _withdraw(self, contracts):
        """Cancel the orders of contracts that were never won after all."""
        bindings = self._find_bindings(contracts)
        orders = self._read_orders(bindings)
        sold = [contract for contract in bindings if orders[contract].state == "sale"]
        records = self.env["sale.order"].union(*(orders[c] for c in sold))
        if records:
            records.locked = False
            records._action_cancel()
        for contract in sold:
            bindings[contract].version = _WITHDRAWN
