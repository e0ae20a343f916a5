"""Errors, as GoCardless answers them.
https://developer.gocardless.com/api-reference/#api-usage-errors
"""


class Refusal(Exception):
    """An error: a kind, and what is wrong in detail."""

    def __init__(self, status, message, kind="invalid_api_usage", reason="", errors=()):
        super().__init__(message)
        own = [{"reason": reason, "message": message}] if reason else []
        self.status = status
        self.body = {
            "error": {
                "message": message,
                "type": kind,
                "code": status,
                "errors": [*own, *errors],
                "request_id": "counterpart",
                "documentation_url": "https://developer.gocardless.com/",
            }
        }


class Broken(Exception):
    """An answer that is none of GoCardless' own, such as a proxy's page."""

    def __init__(self, status, body):
        super().__init__(body)
        self.status, self.body = status, body


def refuse_field(name, field, message):
    """Return the refusal of a value."""
    error = {
        "field": field,
        "message": message,
        "request_pointer": f"/{name}/{field}",
    }
    return Refusal(422, "Validation failed", "validation_failed", errors=[error])


def refuse_state(message, reason, status=422, **links):
    """Return the refusal of what can't be done as things are."""
    error = {"reason": reason, "message": message, "links": links}
    return Refusal(status, message, "invalid_state", errors=[error])
