from odoo import models

from ..canonical.border.inbound import Answer, Arrival, Capability
from ..canonical.display.harmless import Harmless
from ..canonical.envelope import parse
from ..canonical.errors import Unauthentic


class SaasAdapter(models.AbstractModel):
    """The contract of an external system's adapter, in the order in which it is
    called. An adapter translates; it writes nothing here. What we ask of a system, and
    write to it, is in ``adapter_asked.py``.

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

    #: What the system does for us: a set of
    #: :class:`~..canonical.border.inbound.Capability`.
    _capabilities = frozenset(
        {Capability.RECEIVES, Capability.ISSUES_DOCUMENTS, Capability.HOLDS_MONEY}
    )
    #: Whether the system is Odoo itself: nothing is sent here, and nothing is read.
    _is_own = False
    #: Whether the sender signs the time. Where none is signed, a request that is sent
    #: again is known by the ids and the bytes of its events alone.
    _signs_time = True
    #: Headers that are kept with each delivery, in small letters. Never one that lets
    #: anybody in.
    _kept_headers = ("content-type", "user-agent")
    #: Whether an event's id stands for its exact bytes. Then other bytes under an id
    #: that is known are stored beside it, and shown to a person.
    _id_fixes_content = False
    #: Types of events of which nothing is ever booked, so that no drain of them has to
    #: keep others off the invoice journal.
    _types_without_books = ()
    #: Whether a secret may be limited to some types of events or customers: senders of
    #: many makers, that one source has.
    _has_scopes = False
    #: The Python package that this system needs beside the manifest's: what pip is to
    #: install, and the module that it brings; None if there is none.
    _library = None

    #: Types of events to subscribe to at the source.
    _event_types = ()
    #: What an API key has to be allowed to read, as the source's own pages name it.
    _scopes = ()

    #: What people may see of a payload; what is not named here is masked.
    _harmless = Harmless()

    #: Kinds of objects that can be listed by the day they were made, in the order to
    #: compare them with what is here: those that others refer to first.
    _listed_kinds = ()

    def _get_capabilities(self, source):
        """Return what the system does for us in one source: :attr:`_capabilities`, or
        less where the source is set up for less.
        """
        return self._capabilities

    def _get_key_mode(self, key):
        """Return whether an API key is of the live mode, or None if none can tell.

        :param str key: as a person pasted it.
        """
        return None

    def _describe_secret(self):
        """Return a sentence that says which secret verifies requests, and where to
        find it, in the words of the system's own pages.
        """
        return self.env._(
            "A signing secret: create the webhook at the source, then paste its secret "
            "under Connection. Until then every request is refused."
        )

    def _get_setup_steps(self, source):
        """Return sentences that say, in order, what a person has to set up in the
        system itself, in its own words.
        """
        return []

    #: Whether secrets are made here and given to the sender: :meth:`_generate_secret`.
    _can_generate_secret = False

    def _generate_secret(self):
        """Return a new signing secret, in the form that senders know."""
        raise NotImplementedError

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

    def _verify_request(self, secrets, inbound, tolerance):
        """Return only if a request was made by somebody who has one of ``secrets``.

        :param secrets: list of the secrets valid now, perhaps empty.
        :param inbound: the :class:`~..canonical.border.inbound.Inbound`.
        :param int tolerance: seconds the signature may be old, or early.
        :raises Unauthentic: otherwise; an adapter that forgets this lets nobody in.
        """
        raise Unauthentic("The adapter of this source can't verify requests.")

    def _split(self, inbound):
        """Return the events of a verified request, however many there are: a list of
        :class:`~..canonical.border.inbound.Arrival`, each with an identity of its own.

        An event that can't be read among others that can is an arrival too: the drain
        shows what is wrong with it, and the others are booked.

        :raises Malformed: if the request as a whole is none of this system.
        """
        envelope = self._identify(self._parse(inbound.body))
        return [Arrival(envelope, inbound.body)]

    def _identify(self, payload):
        """Return the :class:`~..canonical.envelope.Envelope` of one event.

        :param dict payload: as :meth:`_parse` returned it.
        :raises Malformed: if it is not an event of this system.
        """
        raise NotImplementedError  # an adapter without this method can't be used

    def _find_old_versions(self, inbound, arrivals):
        """Return which of the versions that arrivals are of should not be used any
        more: whether they are refused, by a sender, a type of events and a version.
        """
        return {}

    def _acknowledge(self, inbound, count):
        """Return what a sender is answered whose events are stored, in the form that
        it expects: an :class:`~..canonical.border.inbound.Answer`.

        :param int count: how many events it carried, with those known before.
        """
        return Answer()

    # -- a body is read, when it comes in and whenever it is looked at ----------

    def _parse(self, body):
        """Return what one event's bytes say, as a plain dict.

        :raises Malformed: if they can't be read.
        """
        return parse(body)

    # -- the stored event is processed ------------------------------------------

    def _check_arrival(self, event):
        """Look at how a stored event came in, whatever it says.

        :param event: a ``saas.subscription.event``.
        :raises Quarantine: if what came in this way is not taken.
        """

    def _normalise(self, payload):
        """Return the list of facts a stored event states, in the order to apply.

        An empty list: there is nothing to do. ``None``: a type of event this adapter
        leaves aside, to be shown as ignored.

        :param dict payload: as :meth:`_parse` returned it.
        :raises Ignore: if the event is left aside and people should read why: it has a
            sentence.
        :raises Quarantine: if the content is not what it should be.
        """
        raise NotImplementedError

    def _get_object_id(self, payload):
        """Return the id of the object that a stored event is about.

        :param dict payload: a stored event's body, as :meth:`_parse` returned it.
        :raises Quarantine: if it names none.
        """
        raise NotImplementedError
