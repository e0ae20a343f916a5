from . import res_company_mrr
