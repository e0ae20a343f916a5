from base64 import b64encode

from odoo import models

from ..canonical.border.credential import CredentialKind


class SaasAdapter(models.AbstractModel):
    """The part of the contract by which we ask a system, in jobs only: objects are
    fetched, lists are read, and what a system is to know is written there.
    """

    _inherit = "saas.adapter"

    # -- how the system lets a program in ----------------------------------------

    #: The kinds of credential that the system takes, the usual one first, each a
    #: :class:`~..canonical.border.credential.CredentialKind`; none for a system that is
    #: not called. A person can choose no other.
    _credential_kinds = tuple(CredentialKind)
    #: Where the system is called, if it has one address for everybody.
    _call_address = ""
    #: How many calls the system allows in a second, and in a day; 0: no limit is known.
    #: A person may say otherwise.
    _calls_per_second = 0
    _calls_per_day = 0

    def _authorise(self, source, user, secret):
        """Return the headers that let us in with an API key, or with a password.

        :param str user: empty for an API key.
        """
        if not user:
            return {"Authorization": f"Bearer {secret}"}
        pair = b64encode(f"{user}:{secret}".encode()).decode()
        return {"Authorization": f"Basic {pair}"}

    def _get_token_address(self, source, address):
        """Return the address that gives access tokens (OAuth 2).

        :param address: the credential's own.
        """
        return f"{address}/oauth2/token"

    def _get_token_fields(self, source):
        """Return what is posted beside the grant for a token, such as a scope."""
        return {}

    def _get_token_claims(self, source):
        """Return claims of a signed assertion that differ from the usual ones: issuer
        and subject are the credential's client ID and user, the audience is the
        address that gives tokens.
        """
        return {}

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
        same each time it is asked for: a reading that stops goes on in it. It is empty
        where the system has no lists: then no reading is started.

        :param str kind: of ``saas.pull.run``: ``recovery`` or ``first_import``.
        :param since: an aware datetime.
        """
        return []

    def _read_page(self, source, kind, filters, after=""):
        """Return a :class:`~..canonical.page.Page` of a list, of complete objects.

        :param kind: a kind of objects, as the reading plan or a handler names it.
        :param dict filters: plain JSON; which ones there are depends on the kind.
        :param after: the ``cursor`` of the page before; ``""`` for the first one.
        """
        raise NotImplementedError

    def _get_streams(self, source):
        """Return the lists that are read again and again, because the system does not
        send what is in them: :class:`~..canonical.page.Stream`.
        """
        return ()

    def _read_stream(self, source, stream, watermark, last_id):
        """Return a :class:`~..canonical.page.StreamPage` of what has changed, the
        oldest first: objects whose stamp is later than ``watermark``, or equals it
        while their id is greater than ``last_id``.

        :param stream: one of :meth:`_get_streams`.
        :param watermark: an aware datetime; None: from the beginning.
        :param last_id: ``""``: with all that has the stamp itself.
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
        # A system that holds no money for us has no movements.
        yield from ()

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

    # -- the system is written to, in jobs only ---------------------------------

    def _set_up(self, source):
        """Create at the system what we need there, such as an endpoint or a field.
        Once done, it does nothing.
        """
        raise NotImplementedError

    #: Whether :meth:`_collect` is there, and what belongs to it.
    _can_collect = False

    def _get_minor_units(self, currency):
        """Return how many decimals the system's minor unit of a currency stands for,
        and of how many minor units its amounts are multiples.

        :param str currency: ISO 4217 code in upper case.
        """
        raise NotImplementedError

    def _collect(self, source, order):
        """Collect money from a customer who isn't there, by what they have left at the
        gateway for that: a payment method, or a mandate. The answer is no payment yet:
        that arrives as an event, as all others, with the order's labels as metadata.

        Where the customer has to act first, the answer holds a link if the system has
        a page to pay on.

        :param order: an :class:`~..canonical.payments.collecting.Order`. Two calls with
            the same one collect once, while the system remembers its key.
        :return: a :class:`~..canonical.payments.collecting.Collected`.
        :raises CollectionRefused: if the system refuses, and will the next time.
        :raises Quarantine: if the set-up is not complete; nothing has left.
        :raises Unclear: if the order may have arrived, and the answer did not.
        :raises Transient: for trouble that passes, if nothing has arrived.
        """
        raise NotImplementedError

    def _find_collected(self, source, order):
        """Ask what became of an order that may have arrived: by its labels, so also if
        the system has forgotten its key. What is found is brought as far as
        :meth:`_collect` would have.

        :return: a :class:`~..canonical.payments.collecting.Collected`, or None if the
            system has made nothing for it.
        :raises Quarantine: if the system may not be asked; and what :meth:`_collect`
            raises.
        """
        raise NotImplementedError

    def _withdraw(self, source, order):
        """See to it that a customer can't pay any more by the link that was made for an
        order. Once done, it does nothing.

        :return: a :class:`~..canonical.payments.collecting.Collected`: canceled, or
            pending if they have paid by it already.
        :raises Quarantine: if the system may not be asked; and what :meth:`_collect`
            raises.
        """
        raise NotImplementedError

    def _tell(self, source, message, key):
        """Write what a message tells to the system, such as a tenant's state.

        :param dict message: as ``saas.outbound.message`` holds it.
        :param str key: two calls with one key write once.
        """
        raise NotImplementedError

    def _quote_tax(self, source, document):
        """Return the taxes that a document would have, and commit to nothing."""
        raise NotImplementedError

    def _commit_tax(self, source, document, key):
        """Tell a tax service that a document is posted."""
        raise NotImplementedError

    def _void_tax(self, source, document, key):
        """Tell a tax service that a document is reversed."""
        raise NotImplementedError
