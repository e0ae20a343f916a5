from . import saas_collection_start
