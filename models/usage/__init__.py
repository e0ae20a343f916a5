from . import usage_record
