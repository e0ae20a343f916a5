from datetime import UTC

from odoo import fields, models
from odoo.tools import SQL

from odoo.addons.queue_job.exception import RetryableJobError

from ..canonical.display.texts import fit
from ..canonical.errors import Later, Quarantine, Transient
from ..canonical.kinds import Kind
from ..canonical.payments.collecting import (
    CollectionReason,
    CollectionRefused,
    CollectionState,
    Order,
    Unclear,
    is_remembered,
)

#: Class of the advisory locks that let one job alone call for a command.
_LOCK_CLASS = 0x5AA9
#: After these there is nothing to collect by any other way either.
_OVER = (CollectionReason.NOTHING_DUE, CollectionReason.NOT_OPEN)
#: The longest text of a gateway's that is kept, in characters.
LONGEST = 255
#: When to come back while another job calls for the same command, in seconds.
_PAUSE = 5


class SaasCollect(models.AbstractModel):
    """Decides what commands to collect ask for, and calls gateways for them. What a
    gateway says is written to the command alone, so that no drain waits for a call.
    """

    _name = "saas.collect"
    _description = "SaaS collecting"

    # -- what is collected ---------------------------------------------------------

    def _decide(self, commands):
        """Fix what commands that wait collect: what is due now, and no more than was
        ordered. Those for which nothing is due any more end, and those whose payer is
        at risk wait on. The others are sent by jobs of their own, once this is
        committed.

        :return: a sentence that says how many.
        """
        waiting = commands.filtered(
            lambda c: c.state == CollectionState.WAITING and _is_active(c)
        )
        held = waiting._filter_stopped()
        held.sudo().reason = CollectionReason.AT_RISK.value
        waiting -= held
        now = fields.Datetime.now()
        ready, ended = commands.browse(), commands.browse()
        for command in waiting:
            try:
                vals = self._prepare_sent_vals(command)
            except CollectionRefused as error:
                is_over = error.reason in _OVER
                state = CollectionState.CANCELED if is_over else CollectionState.FAILED
                command._set_state(
                    state, error.reason, detail=fit(error.detail, LONGEST) or False
                )
                ended |= command
            else:
                command._set_state(CollectionState.SENT, sent_at=now, **vals)
                ready |= command
        ready._enqueue_send()
        ended._enqueue_tell()
        return self.env._(
            "%(ready)s are sent, %(ended)s have ended, %(held)s are held back.",
            ready=len(ready),
            ended=len(ended),
            held=len(held),
        )

    def _prepare_sent_vals(self, command):
        """Return what a command collects, in the gateway's minor units, and from whom.

        :raises CollectionRefused: if there is nothing that it can collect, nobody knows
            who pays, or the money would not lead to its invoice.
        """
        move, source = command.move_id, command.source_id
        due = move._get_saas_uncollected()
        if due <= 0:
            is_open = move.state == "posted" and move.payment_state != "reversed"
            raise CollectionRefused(
                CollectionReason.NOTHING_DUE if is_open else CollectionReason.NOT_OPEN
            )
        customer = command.tenant_id._get_id_at(source)
        if not customer:
            raise CollectionRefused(CollectionReason.CUSTOMER_UNKNOWN)
        self._check_linked(command)
        currency = command.currency_id.name
        exponent, step = source._get_adapter()._get_minor_units(currency)
        minor = min(due, command._get_decimal()).scaleb(exponent)
        if minor % step:
            raise CollectionRefused(CollectionReason.AMOUNT)
        return {
            "amount": int(minor),
            "exponent": exponent,
            "customer_ref": customer,
        }

    def _check_linked(self, command):
        """Make sure that the money of a command would be booked on its invoice.

        :raises CollectionRefused: if something about the source is missing for that.
        """
        if not command._is_linked():
            detail = self.env._(
                "The source has to take payments for the company's own invoices and "
                "to have a key of an invoice's ID, under Linked Sources, and its "
                "payments have to be on, under Stages."
            )
            raise CollectionRefused(CollectionReason.SET_UP, detail)

    # -- calling -------------------------------------------------------------------

    def _call(self, command):
        """Call the gateway of a command, as its state asks for.

        :return: a sentence that says what came of it.
        :raises RetryableJobError: while another job calls for it.
        """
        self._lock(command)
        if not _is_active(command):
            return self.env._("The source is paused, so nothing is sent.")
        call = {
            CollectionState.SENT: self._send,
            CollectionState.PENDING: self._ask,
            CollectionState.NEEDS_CUSTOMER: self._withdraw,
        }.get(CollectionState(command.state))
        if not call:
            return self.env._("There is nothing to do any more.")
        try:
            call(command)
        except Later as error:
            self._try_again(command, error.seconds)
        except Unclear as error:
            self._note_trouble(command, error, is_unclear=True)
        except Transient as error:
            self._note_trouble(command, error)
        except (CollectionRefused, Quarantine) as error:
            self._note_refusal(command, error)
        return command.explanation or self.env._("There is nothing to do any more.")

    def _lock(self, command):
        """Let no other job call for a command until this transaction ends, and make
        sure that it sees what the last one has written. The row itself is left free:
        what the gateway tells meanwhile is written to it.
        """
        self.env.cr.execute(
            "SELECT pg_try_advisory_xact_lock(%s, %s)", (_LOCK_CLASS, command.id)
        )
        if not self.env.cr.fetchone()[0]:
            raise RetryableJobError(
                "Another job calls for this.", seconds=_PAUSE, ignore_retry=True
            )
        savepoint = self.env.cr.savepoint(flush=False)
        self.env.cr.execute(
            SQL(
                """SELECT FROM saas_collection WHERE id = %s
                   FOR NO KEY UPDATE NOWAIT""",
                command.id,
            ),
            log_exceptions=False,
        )
        savepoint.close(rollback=True)

    def _send(self, command):
        """Send an order, after the gateway was asked for what may have arrived of it.

        An order that did not arrive is decided anew if it is for more than is due by
        now, or its payer is at risk since.
        """
        source, order = command.source_id, self._prepare_order(command)
        adapter, answer = source._get_adapter(), None
        is_too_much = command.move_id._get_saas_uncollected() < command._get_decimal()
        is_over = is_too_much or bool(command._filter_stopped())
        now = fields.Datetime.now()
        is_old = not is_remembered(command.sent_at, now)
        if command.is_unclear or is_old or is_over:
            answer = adapter._find_collected(source, order)
            command.sudo().is_unclear = False
            if answer is None and is_over:
                command._set_state(CollectionState.WAITING, sent_at=False)
                command._enqueue_decide()
                return
        if answer is None:
            answer = adapter._collect(source, order)
        self._take(command, answer)

    def _ask(self, command):
        """Have what became of the money fetched, if the gateway has told nothing for
        long: it goes through the inbox as all that is told.
        """
        command.sudo().asked_at = fields.Datetime.now()
        source, ref = command.source_id, command.external_id
        if ref and source._can_fetch(Kind.PAYMENT, ref):
            source._enqueue_fetch(Kind.PAYMENT, ref)

    def _withdraw(self, command):
        """Take back the link by which a customer should pay no more, or can't."""
        now = fields.Datetime.now()
        if not command.is_withdrawn and not command._is_over(now):
            return
        source = command.source_id
        answer = source._get_adapter()._withdraw(source, self._prepare_order(command))
        if answer.state == CollectionState.PENDING:
            self._take(command, answer)
        else:
            self._end_link(command)

    def _end_link(self, command):
        """End a command whose customer can't pay by its link any more."""
        due = command.move_id._get_saas_uncollected()
        if command.is_withdrawn and due > 0:
            reason = CollectionReason.BY_PERSON
        elif due < command._get_decimal():
            reason = CollectionReason.NOTHING_DUE
        else:
            self._end(command, CollectionReason.LINK_EXPIRED)
            return
        command._set_state(CollectionState.CANCELED, reason, is_withdrawn=False)
        command._enqueue_tell()

    def _prepare_order(self, command):
        """Return what an adapter is to collect."""
        tenant, source, move = command.tenant_id, command.source_id, command.move_id
        mandates = self.env["saas.mandate"].search(
            [("source_id", "=", source.id), ("tenant_id", "=", tenant.id)],
            order="id desc",
        )
        return Order(
            key=command.key,
            amount=command.amount,
            currency=command.currency_id.name,
            customer=command.customer_ref,
            labels=command._get_labels(),
            text=move.name,
            home=move.company_id.website or source.get_base_url(),
            sent_at=command.sent_at.replace(tzinfo=UTC),
            mandates=tuple((m.external_id, m.scheme or "", m.state) for m in mandates),
            external_id=command.external_id or "",
            link_ref=command.link_ref or "",
            paid_by=self._find_paid_by(command),
        )

    def _find_paid_by(self, command):
        """Return the payment that the customer of a command has made last on a page of
        the gateway's; an empty text if there is none.
        """
        paid = self.env["saas.collection"].search(
            [
                ("tenant_id", "=", command.tenant_id.id),
                ("source_id", "=", command.source_id.id),
                ("customer_ref", "=", command.customer_ref),
                ("state", "=", CollectionState.SUCCEEDED),
                ("link_ref", "!=", False),
            ],
            order="told_at desc, id desc",
            limit=1,
        )
        return paid.external_id or ""


def _is_active(command):
    return command.source_id.state == "active"
