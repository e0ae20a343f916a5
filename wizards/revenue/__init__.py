from . import saas_revenue_look
from . import saas_revenue_opening
