from . import saas_collection_start
from . import saas_risk_clear
from . import saas_dunning_promise
from . import saas_dunning_dispute
from . import saas_dunning_look
from . import saas_dunning_write_off
