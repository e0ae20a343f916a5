from odoo import models

from ...canonical.actions import Action
from ...canonical.marks import RELINKING


class SaasCustomersProposals(models.AbstractModel):
    """Asks people whether two tenants are one customer. Nothing waits for the answer:
    until it is given, and if it is no, they are two.
    """

    _name = "saas.customers.proposals"
    _description = "SaaS proposals of customers"

    def _propose(self, source, rows, partners):
        """Ask a person who customers could be.

        :param rows: items, tenants, and words by candidate, as a match has them.
        :param partners: the contacts of the batch's new customers, by external id.
        """
        self._create(
            source,
            [
                (
                    item,
                    tenant,
                    candidate.partner or partners.get(candidate.customer),
                    word,
                )
                for item, tenant, proposals in rows
                for candidate, word in proposals.items()
            ],
        )

    def _propose_known(self, source, rows):
        """Ask a person about customers who are known, where news of them says that they
        could be somebody else: what is bound stays bound until somebody says so.

        :param rows: items, tenants, and customer facts with what is new.
        """
        if not rows:
            return
        index = self.env["saas.customers.partner_matcher"]._index(
            source, [fact for _item, _tenant, fact in rows]
        )
        self._propose(
            source,
            [
                (item, tenant, index.weigh(fact, tenant.partner_id).proposals)
                for item, tenant, fact in rows
            ],
            {},
        )

    def _propose_tenants(self, source, rows):
        """Ask a person whether customers are tenants that ids of other systems name.

        :param rows: items, and the tenants.
        """
        self._create(
            source,
            [
                (item, item.tenant, tenant.partner_id, "cross_id")
                for item, tenants in rows
                for tenant in tenants
            ],
        )

    def _create(self, source, rows):
        """Ask each question that was not asked yet, in either direction."""
        rows = [row for row in rows if row[2] and row[2] != row[1].partner_id]
        if not rows:
            return
        tenants = self.env["saas.tenant"].union(*(row[1] for row in rows))
        asked = set()
        for known in self.env["saas.tenant.proposal"].search(
            [
                ("company_id", "=", source.company_id.id),
                "|",
                ("tenant_id", "in", tenants.ids),
                ("partner_id", "in", tenants.partner_id.ids),
            ]
        ):
            pair = known.tenant_id.partner_id, known.partner_id
            asked |= {pair, pair[::-1]}
        vals_list = []
        for item, tenant, partner, word in rows:
            pair = tenant.partner_id, partner
            if pair in asked:
                continue
            asked |= {pair, pair[::-1]}
            vals_list.append(
                {
                    "source_id": source.id,
                    "tenant_id": tenant.id,
                    "partner_id": partner.id,
                    "matched_on": word,
                }
            )
            item.log(Action.TENANT_PROPOSED, tenant)
        self.env["saas.tenant.proposal"].create(vals_list)

    def _decide(self, proposals, is_same, note=""):
        """Keep what a person says of proposals: that the two are one customer, or that
        they are different ones. Return how many were still open.
        """
        proposals = proposals.sorted("id").filtered(lambda p: p.state == "open")
        for proposal in proposals:
            # The answer to one may have answered others.
            if proposal.state == "open":
                self._decide_one(proposal, is_same, note)
        return len(proposals)

    def _decide_one(self, proposal, is_same, note):
        tenant = proposal.tenant_id._get_current()
        proposal.write(
            {
                "state": "accepted" if is_same else "refused",
                "decided_by_id": self.env.uid,
                "note": note or False,
            }
        )
        if is_same:
            company = tenant.company_id
            winner = self.env["saas.tenant"]._get_of_partner(
                company, proposal.partner_id, ref=tenant.ref
            )
            self.env["saas.customers.merge"]._merge(tenant, winner)
            tenant = winner
        action = Action.PROPOSAL_ACCEPTED if is_same else Action.PROPOSAL_REFUSED
        self.env["saas.sync.log"]._append(
            [
                {
                    "source_id": proposal.source_id.id,
                    "action": action.value,
                    "res_model": tenant._name,
                    "res_id": tenant.id,
                    "detail": note or False,
                }
            ]
        )

    def _follow(self, loser, winner):
        """Ask of the tenant that goes on what was open of the one that doesn't, and
        answer what asked whether the two are one.
        """
        proposals = self.env["saas.tenant.proposal"]
        known = proposals.search([("tenant_id", "=", winner.id)])
        pairs = {(winner.partner_id, proposal.partner_id) for proposal in known}
        for proposal in proposals.search(
            [("tenant_id", "=", loser.id), ("state", "=", "open")]
        ):
            partner = proposal.partner_id
            if partner == winner.partner_id or (winner.partner_id, partner) in pairs:
                proposal.state = "accepted"
            else:
                proposal.with_context(**RELINKING.in_context()).tenant_id = winner
        for proposal in proposals.search(
            [
                ("tenant_id", "=", winner.id),
                ("partner_id", "=", loser.partner_id.id),
                ("state", "=", "open"),
            ]
        ):
            proposal.state = "accepted"
