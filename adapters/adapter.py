from odoo import models

from ..canonical.display.harmless import Harmless
from ..canonical.errors import Unauthentic


class SaasAdapter(models.AbstractModel):
    """The whole contract of an external system's adapter, in the order in which it is
    called. An adapter translates; it writes nothing.

    A system is added by extending the selection ``saas.source.adapter`` with a code,
    and by an AbstractModel ``saas.adapter.<code>`` that inherits this one. What is
    called on an adapter from another room is declared here and nowhere else. An
    adapter whose source only sends needs the methods down to :meth:`_normalise`.

    All that reads raises the same errors, from :mod:`~..canonical.errors`:
    ``Quarantine`` if the source may not be read, or refuses, with what to do;
    ``Transient`` if it can't be reached now, or asks to come back later.
    """

    _name = "saas.adapter"
    _description = "SaaS source adapter"

    # -- describes itself, for people who set a source up -----------------------

    #: Types of events to subscribe to at the source.
    _event_types = ()
    #: What an API key has to be allowed to read, as the source's own pages name it.
    _scopes = ()

    #: What people may see of a payload; what is not named here is masked.
    _harmless = Harmless()

    #: Kinds of objects that can be listed by the day they were made, in the order to
    #: compare them with what is here: those that others refer to first.
    _listed_kinds = ()

    def _get_key_mode(self, key):
        """Return whether an API key is of the live mode, or None if none can tell.

        :param str key: as a person pasted it.
        """
        return None

    def _explain_secret(self, secret):
        """Return None if a signing secret has the source's form, or else a sentence
        that says where to find the right one; without what was pasted.

        :param str secret: as a person pasted it.
        """
        return None

    def _explain_key(self, key):
        """Return None if an API key has the source's form, or else a sentence as
        :meth:`_explain_secret` returns it.

        :param str key: as a person pasted it.
        """
        return None

    def _test_key(self, source):
        """Try a source's API key. Return sentences that say what it may not do and
        should; none if it is as it should be.

        :raises Quarantine: if the source doesn't take the key at all.
        """
        return []

    def _test_endpoint(self, source, url):
        """Look at the endpoint that sends events to ``url``. Return sentences that say
        what is wrong with it; None if nobody may look, or it can't be looked at.

        :raises Quarantine: if the source doesn't take the key at all.
        """
        return None

    def _create_endpoint(self, source, url, nonce):
        """Create an endpoint at the source that sends all events that are understood
        to ``url``, and return its signing secret.

        :param str nonce: two calls with one nonce create one endpoint.
        :raises Quarantine: also if the key may not do that, or there is one already.
        """
        raise NotImplementedError

    #: Whether :meth:`_create_endpoint` is there.
    _can_create_endpoint = False

    def _get_page(self, source, kind, external_id):
        """Return the address of the page that shows an object to people who may see
        the source's own screens, or None if there is none.

        :param kind: a :class:`~..canonical.kinds.Kind`.
        """
        return None

    # -- a request comes in -----------------------------------------------------

    def _verify_request(self, secrets, body, headers, tolerance):
        """Return only if ``body`` was signed with one of ``secrets``.

        :param secrets: list of the secrets valid now, perhaps empty.
        :param bytes body: as received.
        :param headers: case-insensitive mapping.
        :param int tolerance: seconds the signature may be old, or early.
        :raises Unauthentic: otherwise; an adapter that forgets this lets nobody in.
        """
        raise Unauthentic("The adapter of this source can't verify requests.")

    def _identify(self, payload):
        """Return the :class:`~..canonical.envelope.Envelope` of a parsed body.

        :param dict payload: as :func:`~..canonical.envelope.parse` returned it.
        :raises Malformed: if it is not an event of this system.
        """
        raise NotImplementedError  # an adapter without this method can't be used

    # -- the stored event is processed ------------------------------------------

    def _normalise(self, payload):
        """Return the list of facts a stored event states, in the order to apply.

        An empty list: there is nothing to do. ``None``: a type of event this adapter
        leaves aside, to be shown as ignored.

        :param dict payload: as :func:`~..canonical.envelope.parse` returned it.
        :raises Ignore: if the event is left aside and people should read why: it has a
            sentence.
        :raises Quarantine: if the content is not what it should be.
        """
        raise NotImplementedError

    def _get_object_id(self, payload):
        """Return the id of the object that a stored event is about.

        :param dict payload: a stored event's body, as
            :func:`~..canonical.envelope.parse` returned it.
        :raises Quarantine: if it names none.
        """
        raise NotImplementedError

    # -- one reference is fetched -----------------------------------------------

    def _can_fetch(self, kind, external_id):
        """Return whether :meth:`_fetch` knows how to look a reference up.

        :param kind: a :class:`~..canonical.kinds.Kind`, as an event waits for it.
        """
        return False

    def _fetch(self, source, kind, external_id):
        """Return the objects (a list of plain dicts) that a reference is about, each
        complete: with all entries of the lists inside it.

        Most references are one object's; some, such as ``refund_of``, are of all
        objects with the same parent.

        :param source: the ``saas.source`` to read, with a key.
        :param kind: a :class:`~..canonical.kinds.Kind`, as an event waits for it.
        :raises Quarantine: also if the source has no such object.
        """
        raise NotImplementedError

    def _fetch_listed(self, source, kind, external_id):
        """Return one object (a plain dict) as :meth:`_read_period` would list it now,
        or None if the source has no such object any more.

        :param kind: one of :attr:`_listed_kinds`.
        """
        raise NotImplementedError

    # -- lists are read, page by page -------------------------------------------

    def _get_reading_plan(self, source, kind, since):
        """Return which lists to read for a recovery or a first import, in this order:
        pairs of a kind and filters, as :meth:`_read_page` takes them. The plan is the
        same each time it is asked for: a reading that stops goes on in it.

        :param str kind: of ``saas.pull.run``: ``recovery`` or ``first_import``.
        :param since: an aware datetime.
        """
        raise NotImplementedError

    def _read_page(self, source, kind, filters, after=""):
        """Return a :class:`~..canonical.page.Page` of a list, of complete objects.

        :param kind: a kind of objects, as the reading plan or a handler names it.
        :param dict filters: plain JSON; which ones there are depends on the kind.
        :param after: the ``cursor`` of the page before; ``""`` for the first one.
        """
        raise NotImplementedError

    def _read_period(self, source, kind, since, until, after=""):
        """Return a :class:`~..canonical.page.Page` of the objects of one kind that
        were made at the source from ``since`` on and before ``until``.

        :param kind: one of :attr:`_listed_kinds`.
        :param since: aware datetime; ``until`` is one too.
        :param after: the ``cursor`` of the page before; ``""`` for the first one.
        """
        raise NotImplementedError

    def _read_movements(self, source, since=None):
        """Yield a :class:`~..canonical.page.Page` after the other of the movements of
        the money that the source holds, the newest first.

        :param since: an aware datetime: read those made at or after it. None: all.
        """
        raise NotImplementedError

    def _read_payout(self, source, payout_ref):
        """Yield a :class:`~..canonical.page.Page` after the other of the movements
        that a payout has paid out.

        :param payout_ref: the payout's id at the source.
        """
        raise NotImplementedError

    def _prepare_payout_contents(self, payout_ref, movements):
        """Return an object (a plain dict) that says which movements a payout holds,
        to be stored after them: a movement does not name its payout.

        :param movements: all that :meth:`_read_payout` yielded, as plain dicts.
        """
        raise NotImplementedError

    # -- what was fetched or read goes into the inbox ---------------------------

    def _wrap(self, source, objects):
        """Return objects as what the inbox stores: pairs of an envelope and a body
        (bytes). An object that has not changed has the id it had before, so it is
        stored once.

        :param objects: plain dicts, as any method here returned them.
        """
        raise NotImplementedError
