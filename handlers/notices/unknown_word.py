from odoo import models

from ...canonical.actions import Action

_ACTIVITY = "mail_activity_unknown_word"


class SaasHandlerUnknownWord(models.AbstractModel):
    """Handles words of a source, such as states, that are not known here. The object
    stays in the state that was known of it, its money is booked all the same, and a
    person is asked once for each word while the activity is open.
    """

    _name = "saas.handler.unknown_word"
    _inherit = "saas.handler"
    _description = "SaaS handler of unknown words"

    def _apply(self, source, items):
        examples = {}
        for item in items:
            fact = item.fact
            item.log(Action.WORD_UNKNOWN, detail=f"{fact.about}: {fact.word}")
            examples.setdefault((fact.about, fact.word), fact.object_ref)
        self.env["saas.activities"]._ask_each(
            source,
            _ACTIVITY,
            source,
            {
                self.env._(
                    "The word %(word)s is not known here (%(about)s). See at the "
                    "source what it means, and what it changes in Odoo",
                    word=word,
                    about=about,
                ): self.env._("First seen at %s.", example)
                for (about, word), example in examples.items()
            },
        )
