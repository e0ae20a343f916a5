from . import saas_revenue_look
