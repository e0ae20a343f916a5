from . import tenant_analytic
