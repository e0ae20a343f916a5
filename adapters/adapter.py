from odoo import models

from ..canonical.errors import Unauthentic


class SaasAdapter(models.AbstractModel):
    """What an external system's adapter has to know. It writes nothing.

    A system is added by extending the selection ``saas.source.adapter`` with a
    code, and by an AbstractModel ``saas.adapter.<code>`` that inherits this one.
    """

    _name = "saas.adapter"
    _description = "SaaS source adapter"

    #: Event types to subscribe to at the source, shown on its set-up page.
    _event_types = ()

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

        :raises Quarantine: if the content is not what it should be.
        """
        raise NotImplementedError

    def _read_page(self, source, kind, since, until, cursor=""):
        """Return a :class:`~..canonical.page.Page` of the objects of one kind that
        were made at the source from ``since`` on and before ``until``.

        :param kind: one of :attr:`_listed_kinds`.
        :param since: aware datetime; ``until`` likewise.
        :param cursor: as the page before told it; ``""`` for the first one.
        :raises Quarantine: if the source may not be read, with what to do.
        :raises Transient: if it can't be reached now.
        """
        raise NotImplementedError

    def _read_object(self, source, kind, external_id):
        """Return the payload of one object as it is now, or None if the source has
        no such object any more. Raises as :meth:`_read_page` does.
        """
        raise NotImplementedError
