from . import tenant_dunning
from . import tenant_stopped
