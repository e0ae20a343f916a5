from . import saas_usage_decide
