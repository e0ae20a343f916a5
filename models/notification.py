"""The short message that the web client shows at the corner of the screen."""


def notify(message, kind="success", sticky=False, reload=False):
    """Return the client action that shows a message to the user who pressed a button.

    :param message: a whole sentence, translated.
    :param kind: ``success``, ``info``, ``warning`` or ``danger``.
    :param sticky: whether it stays until the user closes it.
    :param reload: whether the screen shows its records anew.
    """
    params = {"type": kind, "message": message, "sticky": sticky}
    if reload:
        params["next"] = {"type": "ir.actions.client", "tag": "soft_reload"}
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": params,
    }
