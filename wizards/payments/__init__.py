from . import saas_collection_start
from . import saas_risk_clear
