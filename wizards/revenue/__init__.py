from . import saas_revenue_look
from . import saas_profit_look
from . import saas_revenue_opening
