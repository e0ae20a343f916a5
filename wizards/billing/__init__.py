from . import saas_billing_look
