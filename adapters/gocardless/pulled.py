"""Puts objects that were fetched or read into the form of events, so that they go
through the inbox like what is sent. The event's id is made of the object's id and
content: an object that did not change since it was last read is a duplicate.
"""

import hashlib
import json

from .event import PULLED


def wrap(name, data, moment):
    """Return an event's payload around an object.

    :param str name: what GoCardless calls such objects, such as ``payments``.
    :param dict data: the object, with its ``id``.
    :param str moment: when it was read, as ISO 8601: the snapshot's age.
    """
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return {
        "id": f"{PULLED}_{data['id']}_{digest}",
        "resource_type": name,
        "action": PULLED,
        "created_at": moment,
        "data": data,
    }
