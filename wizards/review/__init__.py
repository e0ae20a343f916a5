from . import saas_decision_mixin
from . import saas_event_accept
from . import saas_change_propose
