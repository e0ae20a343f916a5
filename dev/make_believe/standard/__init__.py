"""A platform of one's own, as it tells in the published interface.

webhooks     its requests to a webhook endpoint, signed
"""
