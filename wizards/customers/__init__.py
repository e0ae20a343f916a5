from . import saas_tenant_suspend
