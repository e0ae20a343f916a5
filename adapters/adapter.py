from odoo import models

from ..canonical.errors import Unauthentic
from ..canonical.harmless import Harmless


class SaasAdapter(models.AbstractModel):
    """What an external system's adapter has to know. It writes nothing.

    A system is added by extending the selection ``saas.source.adapter`` with a
    code, and by an AbstractModel ``saas.adapter.<code>`` that inherits this one.
    """

    _name = "saas.adapter"
    _description = "SaaS source adapter"

    #: Event types to subscribe to at the source, shown on its set-up page.
    _event_types = ()
    #: What an API key has to be allowed to read, as the source's own pages name it.
    _scopes = ()

    #: What people may see of a payload; what is not named here is masked.
    _harmless = Harmless()

    #: Kinds of objects that can be listed at the source, in the order to compare
    #: them with what is here: those that others refer to first.
    _listed_kinds = ()

    def _verify_request(self, secrets, body, headers, tolerance):
        """Return only if ``body`` was signed with one of ``secrets``.

        :param secrets: list of the secrets valid now, perhaps empty.
        :param bytes body: as received.
        :param headers: case-insensitive mapping.
        :param int tolerance: seconds the signature may be old, or early.
        :raises Unauthentic: otherwise; an adapter that forgets this lets nobody in.
        """
        raise Unauthentic("this source can't verify requests")

    def _identify(self, payload):
        """Return the :class:`~..canonical.envelope.Envelope` of a parsed body.

        :raises Malformed: if it is not an event of this system.
        """
        raise NotImplementedError  # an adapter without it can't be used at all

    def _normalise(self, payload):
        """Return the list of facts a stored event states, in the order to apply.

        An empty list: there is nothing to do. ``None``: a type of event this
        adapter leaves aside, to be shown as ignored.

        :raises Ignore: the same, with a sentence that says why.
        :raises Quarantine: if the content is not what it should be.
        """
        raise NotImplementedError

    def _get_key_mode(self, key):
        """Return whether an API key is of the live mode, or None if none can tell."""
        return None

    def _can_fetch(self, kind, external_id):
        """Return whether a reference, as an event waits for one, can be pulled."""
        return False

    def _fetch(self, source, kind, external_id):
        """Return the objects (plain dicts) that a reference is about, complete.

        :raises Quarantine: if the source refuses, or has no such object.
        :raises Transient: if it can't be reached, or asks to come back later.
        """
        raise NotImplementedError

    def _fetch_page(self, source, kind, filters, after=None):
        """Return a page of a list, of complete objects, and where the next one begins:
        what to pass as ``after``, or None if this was the last.

        Raises as :meth:`_fetch` does.
        """
        raise NotImplementedError

    def _get_pull_plan(self, source, kind, since):
        """Return which lists to read, in this order, as :meth:`_fetch_page` takes them:
        pairs of a kind and filters.

        :param kind: of ``saas.pull.run``.
        :param since: an aware datetime.
        """
        raise NotImplementedError

    def _wrap_pulled(self, source, objects):
        """Return pulled objects as what the inbox stores: pairs of an envelope and
        a body. An object that has not changed has the id it had before.
        """
        raise NotImplementedError

    def _read_page(self, source, kind, since, until, after=""):
        """Return a :class:`~..canonical.page.Page` of the objects of one kind that
        were made at the source from ``since`` on and before ``until``.

        :param kind: one of :attr:`_listed_kinds`.
        :param since: aware datetime; ``until`` likewise.
        :param after: the ``cursor`` of the page before; ``""`` for the first one.
        :raises Quarantine: if the source may not be read, with what to do.
        :raises Transient: if it can't be reached now.
        """
        raise NotImplementedError

    def _read_object(self, source, kind, external_id):
        """Return one object (a plain dict) as it is now, or None if the source has no
        such object any more. Raises as :meth:`_read_page` does.
        """
        raise NotImplementedError

    def _get_object_id(self, payload):
        """Return the id of the object that a stored event is about."""
        raise NotImplementedError
