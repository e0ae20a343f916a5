"""How SQL finds whose usage is, by which meter, and whether it counts."""

from odoo.tools import SQL

from ...canonical.kinds import Kind
from ...canonical.usage.terms import (
    CONTRADICTING,
    TAKES_BACK,
    Aggregation,
    RecordState,
    Why,
)

_RUNS = SQL(
    """(held.date_start IS NULL OR held.date_start <= told.occurred_at)
       AND (held.date_canceled IS NULL OR held.date_canceled > told.occurred_at)"""
)
#: Whether the plan that is held at that moment has the meter. Of what a platform bills
#: no plan is known, so it may.
_METERS = SQL(
    """(held.is_managed IS NOT TRUE OR EXISTS (
            SELECT FROM saas_plan_component component
             WHERE component.meter_id = meter.id AND component.version_id = (
                   SELECT (change.terms ->> 'version')::integer
                     FROM saas_subscription_change change
                    WHERE change.subscription_id = held.id
                      AND change.takes_effect_at <= told.occurred_at
                      AND change.outcome IN ('applied', 'kept')
                      AND change.terms ->> 'version' IS NOT NULL
                 ORDER BY change.takes_effect_at DESC, change.known DESC,
                          change.sequence DESC, change.key DESC
                    LIMIT 1)))"""
)


def resolve(told):
    """Return the query for records with whose they are, by which meter, and whether
    they count: ``why`` says why not.

    :param told: the query for records, as :func:`~.telling.read_told` returns it.
    """
    return SQL(
        """SELECT found.*,
                  CASE WHEN why IS NULL THEN %(counted)s
                       WHEN why = ANY(%(contradicting)s) THEN %(conflict)s
                       WHEN why = %(withdrawal)s THEN %(superseded)s
                       ELSE %(parked)s END AS state,
                  CASE WHEN why = %(unknown_record)s THEN %(usage)s || corrects
                       WHEN why = ANY(%(of_customer)s) THEN %(customer)s || customer_ref
                       WHEN why = ANY(%(of_meter)s) THEN %(meter)s || meter_ref
                       WHEN why = ANY(%(of_subscription)s)
                       THEN %(subscription)s || subscription_ref
                       END AS waiting_for,
                  CASE WHEN why IS NULL THEN local_day END AS day
             FROM (%(found)s) found""",
        found=_find(told),
        unknown_record=Why.UNKNOWN_RECORD.value,
        withdrawal=Why.WITHDRAWAL.value,
        contradicting=[why.value for why in CONTRADICTING],
        of_customer=[why.value for why in _OF_CUSTOMER],
        of_meter=[why.value for why in _OF_METER],
        of_subscription=[why.value for why in _OF_SUBSCRIPTION],
        **{state.value: state.value for state in RecordState},
        **{
            kind.value: f"{kind.value}:"
            for kind in (Kind.CUSTOMER, Kind.METER, Kind.SUBSCRIPTION, Kind.USAGE)
        },
    )


#: What a record waits for that does not count.
_OF_CUSTOMER = (
    *(Why.UNKNOWN_CUSTOMER, Why.NO_SUBSCRIPTION, Why.SEVERAL_SUBSCRIPTIONS),
)
_OF_METER = (Why.UNKNOWN_METER, Why.BELOW_ZERO, Why.NO_DIMENSION)
_OF_SUBSCRIPTION = (
    *(Why.UNKNOWN_SUBSCRIPTION, Why.OTHER_CUSTOMER, Why.TOO_EARLY, Why.TOO_LATE),
)


def _find(told):
    """Return the query for records with all that they name, and why they don't count.

    A subscription is named, or the only one that the tenant had at that time with a
    plan that has the meter. The day is that of the subscription's time zone.
    """
    return SQL(
        """SELECT told.*, customer.res_id AS tenant_id, meter.id AS meter_id,
                  held.id AS subscription_id,
                  (told.occurred_at AT TIME ZONE 'UTC'
                       AT TIME ZONE COALESCE(held.tz, home.tz))::date AS local_day,
                  %(why)s AS why
             FROM (%(told)s) told
        LEFT JOIN saas_usage_record target
               ON target.source_id = told.source_id
              AND target.external_id = told.corrects
              AND target.is_rival IS NOT TRUE AND target.state <> 'conflict'
        LEFT JOIN saas_binding customer
               ON customer.source_id = told.source_id AND customer.kind = %(customer)s
              AND customer.external_id = told.customer_ref
              AND customer.res_model = 'saas.tenant'
        LEFT JOIN saas_meter meter
               ON meter.company_id = told.company_id AND meter.code = told.meter_ref
              AND meter.active
        LEFT JOIN saas_binding named
               ON named.source_id = told.source_id AND named.kind = %(subscription)s
              AND named.external_id = told.subscription_ref
              AND named.res_model = 'saas.subscription'
        LEFT JOIN LATERAL (
                  SELECT count(*) AS found, min(held.id) AS id
                    FROM saas_subscription held
                   WHERE told.subscription_ref IS NULL
                     AND held.tenant_id = customer.res_id
                     AND %(runs)s AND %(meters)s) own ON true
        LEFT JOIN saas_subscription held
               ON held.id = COALESCE(
                      named.res_id, CASE WHEN own.found = 1 THEN own.id END)
        LEFT JOIN saas_source home ON home.id = held.source_id
           -- Else each of the columns made of ``why`` would compute it once more.
           OFFSET 0""",
        told=told,
        runs=_RUNS,
        meters=_METERS,
        why=_explain(),
        customer=Kind.CUSTOMER.value,
        subscription=Kind.SUBSCRIPTION.value,
    )


def _explain():
    """Return the expression for why a record does not count; NULL if it does. What it
    contradicts goes before what it waits for.
    """
    cases = (
        (
            Why.SECOND_CORRECTION,
            """NOT told.is_chosen AND told.corrects IS NOT NULL AND (
                   told.is_second OR EXISTS (
                   SELECT FROM saas_usage_record rival
                    WHERE rival.source_id = told.source_id
                      AND rival.corrects = told.corrects
                      AND rival.external_id <> told.external_id
                      AND rival.state <> 'conflict'
                      AND rival.why IS DISTINCT FROM 'not_chosen'))""",
        ),
        (Why.UNKNOWN_RECORD, "told.corrects IS NOT NULL AND target.id IS NULL"),
        (
            Why.CORRECTS_OTHER,
            "NOT told.is_chosen AND target.customer_ref <> told.customer_ref",
        ),
        (Why.WITHDRAWAL, "told.withdraws"),
        (Why.UNKNOWN_CUSTOMER, "customer.res_id IS NULL"),
        (Why.UNKNOWN_METER, "meter.id IS NULL"),
        (
            Why.BELOW_ZERO,
            "told.quantity < 0 AND meter.aggregation NOT IN ({})".format(
                ", ".join(f"'{each}'" for each in TAKES_BACK)
            ),
        ),
        (
            Why.NO_DIMENSION,
            f"meter.aggregation = '{Aggregation.UNIQUE}'"
            " AND told.dimensions -> meter.unique_key IS NULL",
        ),
        (
            Why.UNKNOWN_SUBSCRIPTION,
            "told.subscription_ref IS NOT NULL AND held.id IS NULL",
        ),
        (Why.NO_SUBSCRIPTION, "told.subscription_ref IS NULL AND own.found = 0"),
        (Why.SEVERAL_SUBSCRIPTIONS, "told.subscription_ref IS NULL AND own.found > 1"),
        (Why.OTHER_CUSTOMER, "held.tenant_id <> customer.res_id"),
        (Why.TOO_EARLY, "held.date_start > told.occurred_at"),
        (Why.TOO_LATE, "held.date_canceled <= told.occurred_at"),
    )
    parts = [SQL(f"WHEN {condition} THEN '{why}'") for why, condition in cases]
    return SQL("CASE %s END", SQL(" ").join(parts))
