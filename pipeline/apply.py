import logging
from itertools import count

import psycopg2
import requests
from psycopg2 import errorcodes

from odoo import models
from odoo.exceptions import UserError

from ..canonical.errors import EventError, Quarantine, Transient
from ..canonical.reasons import Reason
from ..canonical.review.causes import fingerprint
from ..models.operations.halving import halve
from . import refusal
from .waves import group_by_kind, split_waves

_logger = logging.getLogger(__name__)

_LOST_CONNECTION = (psycopg2.OperationalError, psycopg2.InterfaceError)
#: PostgreSQL's class of errors for what is larger than it can be, which never passes.
_PROGRAM_LIMIT = "54"


class SaasApply(models.AbstractModel):
    """Hands facts to their handlers, many at a time, and isolates the bad ones."""

    _name = "saas.apply"
    _description = "SaaS application of facts"

    def _apply(self, source, items):
        """Apply all items; afterwards each has its ``error``, or none."""
        turns = count()
        decisions = self.env["saas.decided"]._read(source, items)
        staged = self.env["saas.staged"]._heed(source, items)
        owned = self.env["saas.owned"]._heed(source, staged)
        for wave in split_waves(owned):
            for kind, group in group_by_kind(wave).items():
                turn = next(turns)
                for item in group:
                    item.turn = turn
                handler = self.env[f"saas.handler.{kind}"]
                self._apply_group(source, handler, group, decisions)

    def _apply_group(self, source, handler, items, decisions):
        """Apply items of one kind in a savepoint; one that fails is left out alone."""
        decided = self.env["saas.decided"]

        def apply(group):
            if due := decided._heed(decisions, group):
                handler._apply(source, due)
            decided._conclude(group)

        def reset(group):
            for item in group:
                item.reset()

        def fail(item, error):
            item.fail(self._classify(error, item.event, item.fact))

        halve(self.env, items, apply, reset, fail)

    def _classify(self, error, event, fact=None):
        """Return ``error`` as what can be done about it.

        :param fact: the fact of ``event`` that was being applied, if any was.
        """
        if isinstance(error, EventError):
            return error
        if isinstance(error, UserError):
            detail = refusal.describe(self.env, error, event, fact)
            return Quarantine(
                Reason.POSTING_FAILED,
                detail,
                about=type(error).__name__,
            )
        code = getattr(error, "pgcode", None) or ""
        is_limit = code.startswith(_PROGRAM_LIMIT)
        passing = (*_LOST_CONNECTION, requests.RequestException)
        if isinstance(error, passing) and not is_limit:
            return Transient(str(error))
        if code == errorcodes.UNIQUE_VIOLATION:
            # The record exists already, but this snapshot does not show it: another
            # transaction was quicker, and a newer snapshot shows it. If it is the event
            # itself that can't be, the others must not wait with it, so only this one
            # tries again.
            return Transient(
                self.env._(
                    "Another transaction was quicker, so this event is tried again."
                )
            )
        # Nobody foresaw it, so trying again would only end the same way.
        _logger.exception("a handler failed")
        trace = refusal.trace(self.env, error, event, fact)
        last = trace.strip().rpartition("\n")[-1]
        quarantine = Quarantine(
            Reason.POSTING_FAILED,
            self.env._(
                "An unexpected error occurred. The event's trace shows it to operators."
            ),
            about=fingerprint(f"{type(error).__name__} {last}"),
        )
        quarantine.trace = trace
        return quarantine
