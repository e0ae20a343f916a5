from . import objects
from . import candidates
from . import decision
from . import preview
from . import preview_books
from . import preview_told
from . import preview_page
from . import cutover
