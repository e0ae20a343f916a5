"""What a company's books say, as plain values that two runs can be compared by."""

from collections import Counter

from ...canonical.kinds import Kind

#: What tells one run from another, and not what was written.
_OWN = frozenset(
    """
    access_token create_date create_uid full_reconcile_id id line_ids matching_number
    move_id move_name name origin_payment_id payment_id
    invoice_line_ids journal_line_ids highest_name sequence_number sequence_prefix
    write_date write_uid
    """.split()
)
#: What the addon asks people to look at.
ACTIVITY_MODELS = (
    "account.move",
    "account.payment",
    "saas.dispute",
    "saas.subscription",
    "saas.tenant",
)


class Undo(Exception):
    """Ends a run of a test, so that its savepoint is rolled back."""


def read_books(source):
    """Return everything that events of ``source`` have led to: entries line by
    line, how they are reconciled, and the states of all that is mirrored.

    Numbers drawn from a sequence and ids are left out: they tell of the order of
    arrival, and nothing else may. So is money that was booked on another day than it
    moved on, with its reversal there, and a loss that was none for some time, with what
    took it back that day: what is posted can't be unwritten.
    """
    env = source.env
    env.flush_all()
    moves = env["account.move"].search([("company_id", "=", source.company_id.id)])
    moves = moves.filtered(lambda move: move.state != "cancel")
    undone = _find_undone(source, moves) | _find_regained(source)
    moves -= undone
    keys = {move: _move_key(move) for move in moves}
    return {
        "moves": Counter(_move(move, keys[move]) for move in moves),
        "partials": Counter(
            _partial(partial, keys)
            for partial in moves.line_ids.matched_debit_ids
            | moves.line_ids.matched_credit_ids
            if not (partial.debit_move_id | partial.credit_move_id).move_id & undone
        ),
        "payments": Counter(
            (p.saas_external_id, p.payment_type, p.amount, p.state, str(p.date))
            for p in env["account.payment"].search([("saas_source_id", "=", source.id)])
            if p.move_id not in undone
        ),
        **_read_customers(source),
        **_read_clearing(source),
        "activities": Counter(
            (a.activity_type_id.name, _owner(a), str(a.date_deadline))
            for a in env["mail.activity"].search([("res_model", "in", ACTIVITY_MODELS)])
        ),
        "snapshots": [
            (record.external_id, record.display_name, record.active)
            for model in ("saas.tax.rate", "saas.tax.id", "saas.product")
            for record in env[model]
            .with_context(active_test=False)
            .search([("source_id", "=", source.id)], order="external_id")
        ],
    }


def _read_customers(source):
    """Return how customers and their subscriptions stand."""
    env = source.env
    return {
        "tenants": [
            (
                t.ref,
                t.name,
                t.active,
                t.collection_state,
                t.tax_exempt,
                t.partner_id.email,
                t.partner_id.vat,
            )
            for t in env["saas.tenant"]
            .with_context(active_test=False)
            .search([("company_id", "=", source.company_id.id)], order="ref, name")
        ],
        "subscriptions": [
            (
                s.external_id,
                s.state,
                str(s.period_start),
                str(s.period_end),
                str(s.trial_end),
            )
            for s in env["saas.subscription"].search(
                [("source_id", "=", source.id)], order="external_id"
            )
        ],
    }


def _read_clearing(source):
    """Return how disputes, risks and payouts stand, and what the balance is held
    against.
    """
    domain = [("source_id", "=", source.id)]
    order = {"order": "external_id"}
    env = source.env
    return {
        "disputes": [
            (d.external_id, d.state, str(d.due_at), len(d.move_ids))
            for d in env["saas.dispute"].search(domain, **order)
        ],
        "risks": [
            (
                *(r.external_id, r.state, r.reason, r.is_actionable, r.amount),
                *(str(r.opened_at), str(r.closed_at), r.tenant_id.risk),
                *r.case_ids.filtered(lambda c: c.state == "open").mapped("amount"),
            )
            for r in env["saas.risk"].search(domain, **order)
        ],
        "payouts": [
            (p.external_id, p.state, p.proof_state, p.net_minor, p.booked_difference)
            for p in env["saas.payout"].search(domain, **order)
        ],
        "balance": [
            (t.external_id, t.match_state, t.booked_minor, t.payout_id.external_id)
            for t in env["saas.balance.transaction"].search(domain, **order)
        ],
    }


def read_event_states(source):
    """Return what became of each event, by its id at the source."""
    return {
        event.external_id: (event.state, event.reason, event.waiting_for)
        for event in source.env["saas.subscription.event"].search(
            [("source_id", "=", source.id), ("replay_of_id", "=", False)]
        )
    }


def _find_undone(source, moves):
    """Return entries that were reversed on their own day and booked anew, and these
    reversals: they are marked so, or neither of both is what an object is bound to.
    """
    bindings = source.env["saas.binding"].search(
        [("company_id", "=", source.company_id.id)]
    )
    bound = {(binding.res_model, binding.res_id) for binding in bindings}

    def is_bound(move):
        keys = {
            ("account.move", move.id),
            ("account.payment", move.origin_payment_id.id),
        }
        return bool(keys & bound)

    undone = moves.browse()
    for move in moves.filtered("reversed_entry_id"):
        origin = move.reversed_entry_id
        pair = origin | move
        is_kept = not origin.origin_payment_id.saas_superseded and any(
            is_bound(each) for each in pair
        )
        if move.date == origin.date and not is_kept:
            undone |= pair
    return undone


def _find_regained(source):
    """Return losses that were taken back as a whole on their own day, and what took
    them back. Had the money come and failed before, neither would have been booked.
    """
    kinds = (Kind.INVOICE_WRITE_OFF, Kind.INVOICE_WRITE_OFF_REVERSAL)
    bindings = source.env["saas.binding"].search(
        [("company_id", "=", source.company_id.id), ("kind", "in", kinds)]
    )
    regained = source.env["account.move"]
    losses = regained.union(*(binding._get_record() for binding in bindings))
    for debit in losses:
        met = debit.line_ids.matched_credit_ids.credit_move_id.move_id & losses
        for credit in met:
            lines = (debit | credit).line_ids
            if debit.date == credit.date and not any(
                sum(same.mapped("balance"))
                for same in lines.grouped("account_id").values()
            ):
                regained |= debit | credit
    return regained


def _owner(activity):
    """Return the model of an activity's record, and its id at the source."""
    record = activity.env[activity.res_model].browse(activity.res_id)
    names = ("saas_external_id", "external_id", "ref")
    return record._name, next(record[name] for name in names if name in record._fields)


def _move_key(move):
    origin = move.reversed_entry_id
    return (
        move.move_type,
        move.saas_external_id or move.ref or "",
        origin.saas_external_id or origin.ref or "",
        str(move.date),
    )


def _move(move, key):
    lines = sorted(
        (
            line.account_id.code,
            line.currency_id.name,
            f"{line.amount_currency:.3f}",
            f"{line.balance:.2f}",
            f"{line.amount_residual_currency:.3f}",
            str(line.date_maturity),
            line.partner_id.name or "",
            ",".join(sorted(line.tax_ids.mapped("name"))),
            line.tax_line_id.name or "",
        )
        for line in move.line_ids
    )
    return (key, move.state, move.payment_state, move.saas_state, tuple(lines))


def _partial(partial, keys):
    debit, credit = partial.debit_move_id.move_id, partial.credit_move_id.move_id
    return (keys[debit], keys[credit], f"{partial.amount:.2f}")


def read_record(record):
    """Return a record's stored values so that two runs can be compared by them."""
    return {
        name: _plain_value(record, field)
        for name, field in sorted(record._fields.items())
        if field.store and name not in _OWN and field.type != "one2many"
    }


def _plain_value(record, field):
    value = record[field.name]
    if field.relational:
        return str(sorted(value.ids))
    if field.type in ("float", "monetary"):
        return f"{value:.6f}"
    return str(value)
