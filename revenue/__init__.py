from . import change
from . import due
from . import old_books
from . import posting
from . import drivers
from . import costs
