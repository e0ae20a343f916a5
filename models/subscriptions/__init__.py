from . import subscription
from . import subscription_line
