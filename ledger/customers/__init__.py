from . import tenants
