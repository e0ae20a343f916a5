"""Lets a billing run have many chunks, and so many moments to be killed between.

For `make faults` alone: loaded server-wide, never installed.
"""

import os

from odoo.addons.saas_billing_sync.models.billing.billing_run_jobs import (
    SaasBillingRun,
)

SaasBillingRun._chunk_size = int(os.environ["SAAS_FAULTS_CHUNK"])
