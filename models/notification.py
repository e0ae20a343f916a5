"""The short message that the web client shows at the corner of the screen."""


def notify(message, kind="success", sticky=False, reload=False, close=False):
    """Return the client action that shows a message to the user who pressed a button.

    :param message: a whole sentence, translated.
    :param kind: ``success``, ``info``, ``warning`` or ``danger``.
    :param sticky: whether it stays until the user closes it.
    :param reload: whether the screen shows its records anew.
    :param close: whether the dialog is closed; the screen behind it shows its records
        anew then.
    """
    params = {"type": kind, "message": message, "sticky": sticky}
    if reload:
        params["next"] = {"type": "ir.actions.client", "tag": "soft_reload"}
    elif close:
        params["next"] = {"type": "ir.actions.act_window_close"}
    return {
        "type": "ir.actions.client",
        "tag": "display_notification",
        "params": params,
    }
