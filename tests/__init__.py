from . import test_fixture_keys
from . import test_golden
from . import test_end_to_end
from . import test_localstripe
from . import test_extension
from . import test_lifecycle
