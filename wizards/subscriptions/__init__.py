from . import saas_subscription_amend
from . import saas_subscription_terms
from . import saas_discount_grant
