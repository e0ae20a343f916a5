"""Why nothing can be shown of what would come of events."""

from odoo.exceptions import UserError


class PreviewBusy(UserError):
    """Others are at work on the same records. It can be tried again in a moment."""


class PreviewRefused(UserError):
    """Code of another module does not let itself be previewed, however often it is
    tried.
    """
