from . import saas_stage_change
from . import saas_switch_on
from . import saas_observation_decide
