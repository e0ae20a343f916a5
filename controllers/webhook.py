import logging

import psycopg2
from psycopg2.errors import DeadlockDetected, SerializationFailure
from werkzeug.exceptions import RequestEntityTooLarge, ServiceUnavailable

from odoo import SUPERUSER_ID, http
from odoo.http import request

from ..canonical.border.inbound import MOST_EVENTS, Answer, Inbound
from ..canonical.errors import Malformed, Refused, Unauthentic
from ..canonical.reader import storable
from .border import WebhookDispatcher, is_private

_logger = logging.getLogger(__name__)

_PLAIN = (
    "Plain http is refused: send to an https address. If you did, the proxy before "
    "Odoo has to state it in X-Forwarded-Proto and X-Forwarded-Host, and Odoo has to "
    "run with proxy_mode = True."
)

#: The largest body taken, in bytes. Events of the systems known stay below 256 kB.
MAX_BODY = 1024 * 1024


class SaasWebhook(http.Controller):
    """Takes events in: it verifies, stores, enqueues and answers. It knows nothing
    about what an event means.

    The sender gets its 200 once the event is safe, whatever becomes of it later.
    Nothing is written to the sync log here: requests would queue up for the end of its
    chain. The log's first row on an event is the pipeline's.
    """

    @http.route(
        "/saas/webhook/<string:token>",
        type=WebhookDispatcher.routing_type,
        auth="none",
        methods=["POST"],
        csrf=False,
        save_session=False,
        readonly=False,
        # One more than is taken: a body without a length shows only when it is read
        # that it is too large.
        max_content_length=MAX_BODY + 1,
    )
    def receive(self, token):
        """Take the events of one request in. The answer is the system's own once all
        are stored, else 400 if it is no event, 401 if its signature is wrong, 403 if it
        came over plain http, 404 for an unknown address, 413 if it is too large or
        holds too many, 429 if too many came or wait, and 503 if they could not be
        stored: then none is.
        """
        if not is_private(request.httprequest):
            _logger.warning("a request that came over plain http was refused")
            return _answer(403, _PLAIN)
        env = request.env(user=SUPERUSER_ID)
        try:
            source = env["saas.source"]
            if storable(token):
                source = source._find_by_token(token)
            if not source:
                return _answer(404, "unknown address")
            return self._receive(source)
        except RequestEntityTooLarge:
            return _answer(413, "too large")
        except Unauthentic as error:
            # This is either a forger or a secret that was set up wrong, so it is worth
            # a look.
            _logger.warning("source %s: request refused: %s", source.id, error)
            env["saas.refusals"]._count(source)
            return _answer(401, "not authentic")
        except Refused as error:
            _logger.info("source %s: request refused: %s", source.id, error)
            if error.old:
                env["saas.sender.version"]._note(source, {error.old: True})
            return _answer(400, str(error))
        except Malformed as error:
            _logger.info("source %s: request refused: %s", source.id, error)
            return _answer(400, "malformed")
        except psycopg2.Error as error:
            raise _unavailable(error) from None

    def _receive(self, source):
        asked = request.httprequest
        inbound = Inbound(asked.method, asked.url, asked.headers, _read_body(asked))
        adapter = source._get_adapter()
        adapter._verify_request(
            source._get_valid_secrets(), inbound, source.signature_tolerance
        )
        arrivals = adapter._split(inbound)
        if len(arrivals) > MOST_EVENTS:
            return _answer(413, f"too many events, send at most {MOST_EVENTS} at once")
        seconds = source._get_seconds_over_rate() or source._get_seconds_over_backlog()
        if seconds:
            return _answer(429, "too many", [("Retry-After", str(seconds))])
        if self._store(source, arrivals, inbound):
            self._enqueue(source)
        if old := adapter._find_old_versions(inbound, arrivals):
            source.env["saas.sender.version"]._note(source, old)
        return _acknowledge(adapter._acknowledge(inbound, len(arrivals)))

    def _store(self, source, arrivals, inbound):
        """Store events and commit, so that they are safe before anybody is told.

        Odoo's transactions see one snapshot to their end. If the same event was stored
        since the snapshot was taken, the insertion can't see it and fails; on a new
        snapshot it can. So it is where two requests bring the same events in another
        order, and each waits for the other.

        :return: whether any event is new.
        """
        cr, scope = source.env.cr, source.env["saas.scope"]
        scopes = scope._find(source, inbound)
        for tries_left in (1, 0):
            try:
                events = source._store_events(arrivals, inbound)
                scope._keep(events, scopes)
                cr.commit()  # pylint: disable=invalid-commit
                return bool(events)
            except (DeadlockDetected, SerializationFailure):
                if not tries_left:
                    raise
                cr.rollback()

    def _enqueue(self, source):
        """See to it that a job will process the events just committed.

        In a transaction of its own, for its snapshot must be newer than the events.
        In the one that stored them we might find a job that waits, and rely on it;
        but that job could begin, and take its snapshot, before we commit. Then it
        would miss the events, which would wait for the sweep.
        """
        cr = source.env.cr
        try:
            source._ensure_drain()
            cr.commit()  # pylint: disable=invalid-commit
        except Exception as error:
            # The events are stored and the sweep will find them, so the sender is not
            # to send them again.
            cr.rollback()
            _logger.warning("source %s: no job enqueued: %r", source.id, error)


def _read_body(httprequest):
    """Return the raw bytes of a request, unless they are too many."""
    if (httprequest.content_length or 0) > MAX_BODY:
        raise RequestEntityTooLarge()
    body = httprequest.get_data()
    if len(body) > MAX_BODY:
        raise RequestEntityTooLarge()
    return body


def _answer(status, text, headers=()):
    return _acknowledge(Answer(text, status=status, headers=headers))


def _acknowledge(answer):
    return http.Response(
        answer.body,
        status=answer.status,
        headers=answer.headers,
        content_type=answer.content_type,
    )


def _unavailable(error):
    """Return the exception that rolls back and answers 503, so that the sender
    tries again. The database's message is not logged: it can quote the payload.
    """
    _logger.warning(
        "an event could not be stored: %s %s", type(error).__name__, error.pgcode or ""
    )
    return ServiceUnavailable(response=_answer(503, "try again later"))
