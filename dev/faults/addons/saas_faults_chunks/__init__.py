"""Lets a billing run have many chunks, and each be some time at work: so there are many
moments to be killed, most of them between what is written and the end.

For `make faults` alone: loaded server-wide, never installed.
"""

import os
import time

from odoo.addons.saas_billing_sync.models.billing.billing_run_jobs import (
    SaasBillingRun,
)

_bill_chunk = SaasBillingRun._bill_chunk


def _bill_slowly(self, source):
    _bill_chunk(self, source)
    self.env.flush_all()
    time.sleep(float(os.environ["SAAS_FAULTS_PAUSE"]))


SaasBillingRun._bill_chunk = _bill_slowly
SaasBillingRun._chunk_size = int(os.environ["SAAS_FAULTS_CHUNK"])
