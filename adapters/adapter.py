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

        :raises SetAside: the same, with a sentence that says why.
        :raises Quarantine: if the content is not what it should be.
        """
        raise NotImplementedError
