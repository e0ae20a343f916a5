"""Wraps objects that were fetched or read through Stripe's API as events.

They go through the inbox like what is sent: they are booked once, logged, and wait in
sight where they can't be booked. The event's id is made of the object's id and content,
so an object that did not change since it was last read is a duplicate.
"""

import hashlib
import json

#: The beginning of the types and ids of such events. Stripe's own never begin so. The
#: word is stored, so it stays.
PREFIX = "pulled"


def wrap(data, api_version, livemode, wrapped_at):
    """Return an event's payload around an object.

    :param dict data: the object, as the API returned it.
    :param str api_version: the version that was asked for, and so the object's shape.
    :param bool livemode: the mode of the key it was asked with; objects inside others
        don't tell their own.
    :param int wrapped_at: when, as a Unix timestamp: the snapshot's age.
    """
    text = json.dumps(data, sort_keys=True, separators=(",", ":"))
    digest = hashlib.sha256(text.encode()).hexdigest()[:16]
    return {
        "id": f"{PREFIX}_{data['id']}_{digest}",
        "object": "event",
        "type": f"{PREFIX}.{data['object']}",
        "api_version": api_version,
        "created": wrapped_at,
        "livemode": livemode,
        "data": {"object": data},
    }
