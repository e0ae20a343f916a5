from . import observing
from . import observe_books
from . import observe_hand
from . import observe_compare
from . import observe_settle
