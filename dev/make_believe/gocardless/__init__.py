"""GoCardless, as its documentation and its own library say it answers.

shapes       its objects as JSON
account      what one account holds, what happens in it, and its events
month        a month of such an account, with all that may become of payments
simulators   the scenarios that its own scenario simulators play
api          its API over HTTP on loopback
writes       what is created and canceled through it
refusal      how it says no
webhooks     its requests to an endpoint, signed
"""
