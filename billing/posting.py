import logging
from collections import defaultdict

from psycopg2 import errorcodes

from odoo import Command, models
from odoo.exceptions import UserError

from odoo.addons.queue_job.exception import RetryableJobError

from ..canonical.catalogue.decimals import write_decimal
from ..canonical.display.masking import scrub
from ..canonical.errors import EventError, Quarantine
from ..canonical.moments import naive
from ..canonical.reasons import Reason
from ..models.operations.halving import halve
from .books import Books
from .task import Task

_logger = logging.getLogger(__name__)


class SaasBillingPosting(models.AbstractModel):
    """Bills tenants, many at a time: finds what is due, writes the documents, and with
    them the charges, the orders to collect, the log and the messages to others. One
    that can't be billed is found and left out; the others are not touched by it.
    """

    _name = "saas.billing.posting"
    _description = "SaaS billing"

    def _bill(self, source, items, cutoff, date):
        """Bill the tenants of a run's rows, in the transaction of the caller.

        :param source: the company's own source, whose partition the caller holds.
        :param items: rows of ``saas.billing.item``.
        :param cutoff: an aware instant: what is due by then is billed.
        :param date: the day of the documents.
        :return: a :class:`~.task.Task` for each row, with its documents or its error.
        """
        tasks = [Task(source, item.tenant_id, item) for item in items]
        self._prepare(source, tasks, cutoff, date)
        ready = [task for task in tasks if not task.error and task.documents]
        if ready:
            self._post_group(source, ready)
        self._conclude(source, tasks, cutoff)
        return tasks

    def _prepare(self, source, tasks, cutoff, date):
        """Tell tasks what is to be billed, or why it can't be; nothing is written."""
        by_tenant = {task.tenant: task for task in tasks}
        due = self.env["saas.billing.due"]._find(
            self.env["saas.tenant"].union(*by_tenant), cutoff
        )
        found = self.env["saas.billing.target"]._find_lines(due, cutoff)
        for line in found.lines:
            by_tenant[line.subscription.tenant_id].lines.append(line)
        for subscription in due:
            task = by_tenant[subscription.tenant_id]
            if error := found.failed.get(subscription):
                task.fail(error)
            else:
                task.nexts[subscription] = found.nexts[subscription]
        books, documents = Books(source, date), self.env["saas.billing.documents"]
        books.look_up_credited([line for task in tasks for line in task.lines])
        for task in tasks:
            if task.error or not task.lines:
                continue
            try:
                books.check()
                task.documents = documents._prepare(task, books)
            except EventError as error:
                task.fail(error)

    def _post_group(self, source, tasks):
        """Post the documents of tasks; one that fails is left out alone."""

        def reset(group):
            for task in group:
                task.reset()

        halve(
            self.env,
            tasks,
            lambda group: self._post(source, group),
            reset,
            lambda task, error: task.fail(self._classify(task, error)),
        )

    def _classify(self, task, error):
        """Return an error as why a tenant can't be billed.

        :raises RetryableJobError: if another job has billed the same meanwhile. This
            one begins anew, and finds what that has left.
        """
        if isinstance(error, EventError):
            return error
        if getattr(error, "pgcode", None) == errorcodes.UNIQUE_VIOLATION:
            raise RetryableJobError(
                "Another job has billed this tenant.", seconds=1, ignore_retry=True
            ) from error
        personal = [*filter(None, task.tenant.partner_id.mapped("name"))]
        if isinstance(error, UserError):
            return Quarantine(Reason.POSTING_FAILED, scrub(str(error), personal))
        _logger.exception("billing failed")
        return Quarantine(
            Reason.POSTING_FAILED,
            self.env._(
                "An unexpected error occurred: %s. The server's log tells operators "
                "more.",
                type(error).__name__,
            ),
        )

    def _post(self, source, tasks):
        """Post the documents of tasks, with the charges that they are made of."""
        pairs = [(task, *pair) for task in tasks for pair in task.documents]
        self._name_orders(pairs)
        moves = self.env["saas.ledger.document"]._post(
            source, [document for _task, document, _lines in pairs], None
        )
        by_key = {line.saas_external_id: line for line in moves.invoice_line_ids}
        vals_list = []
        for (task, _document, lines), move in zip(pairs, moves, strict=True):
            for line in lines:
                vals = self._prepare_charge_vals(task, line, by_key[line.key])
                vals_list.append({**vals, "move_id": move.id})
        charges = self.env["saas.charge"].create(vals_list)
        self.env["saas.revenue.schedule"]._link(charges)
        self.env["saas.ledger.documents.own_credit"]._use_up(source, moves)
        self.env["saas.ledger.documents.sending"]._mark(moves)
        self.env["saas.collection"]._request(moves)

    def _name_orders(self, pairs):
        """Have documents name the lines of the sales orders that they bill, where a
        contract is one. A price that has changed is in the order by then.
        """
        lines = [line for _task, _document, own in pairs for line in own]
        subscriptions = self.env["saas.subscription"].union(
            *(line.subscription for line in lines)
        )
        subscriptions._follow_in_sales()
        orders = self.env["saas.sales.orders"]
        named = orders._find_order_lines(subscriptions, lines)
        for _task, document, own in pairs:
            for line, vals in zip(own, document.lines, strict=True):
                if line in named:
                    vals["sale_line_ids"] = [Command.link(named[line])]

    def _prepare_charge_vals(self, task, line, move_line):
        """Return the values of the charge that a line becomes."""
        return {
            "company_id": task.source.company_id.id,
            "tenant_id": task.tenant.id,
            "subscription_id": line.subscription.id,
            "component_id": line.component.id,
            "item_id": task.item.id,
            "move_line_id": move_line.id,
            "kind": "credit" if line.is_credit else "charge",
            "period_start": naive(line.period_start),
            "period_end": naive(line.period_end),
            "zone": line.zone,
            "service_from": naive(line.start),
            "service_to": naive(line.end),
            "is_usage": line.full is None,
            "is_correction": line.is_correction,
            "quantity": write_decimal(line.quantity),
            "rate": line.rate.to_json(),
            "full": line.full,
            "amount": line.amount,
            "exponent": line.price.exponent,
            "currency_id": move_line.currency_id.id,
            "usage_version": line.usage_version,
            "sequence": line.sequence,
            "number": line.number,
        }

    def _conclude(self, source, tasks, cutoff):
        """Note what became of each row, when its subscriptions are looked at next, what
        the log says, and what others are told.
        """
        nexts = {}
        for state, own in self._group(tasks).items():
            items = self.env["saas.billing.item"].union(*(task.item for task in own))
            items.write({"state": state, "reason": False, "detail": False})
        for task in tasks:
            if error := task.error:
                task.item.write({"reason": error.reason.value, "detail": error.detail})
            else:
                nexts |= task.nexts
        self.env["saas.billing.due"]._move_on(nexts, cutoff)
        self._update_activities(source, tasks)
        rows = [row for task in tasks for row in task.rows]
        self.env["saas.sync.log"]._append(rows)
        self.env["saas.outbox"]._tell(source, tasks)

    def _update_activities(self, source, tasks):
        """Ask somebody to look after tenants that could not be billed, until they
        are.
        """
        none = self.env["saas.tenant"]
        activities = self.env["saas.activities"]
        failed = none.union(*(task.tenant for task in tasks if task.error))
        billed = none.union(*(task.tenant for task in tasks if not task.error))
        summary = self.env._("It could not be billed")
        activities._ask(source, "mail_activity_billing_failed", failed, summary)
        activities._stop_asking("mail_activity_billing_failed", billed)

    def _group(self, tasks):
        groups = defaultdict(list)
        for task in tasks:
            groups[task.state].append(task)
        return groups
