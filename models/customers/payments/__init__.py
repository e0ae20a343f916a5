from . import tenant_risk
