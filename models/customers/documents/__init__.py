from . import tenant_analytic
from . import tenant_tie_out
