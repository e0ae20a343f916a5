from . import tenant_risk
from . import tenant_dunning
