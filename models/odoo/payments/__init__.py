from . import account_move_collection
