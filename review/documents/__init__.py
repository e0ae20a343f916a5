from . import suggest_record
