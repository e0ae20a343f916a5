from . import company_check
