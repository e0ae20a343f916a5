from . import tenant_tie_out
