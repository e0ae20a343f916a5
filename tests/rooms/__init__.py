from . import test_rooms
