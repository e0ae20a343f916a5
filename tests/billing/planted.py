"""Pure rules with a fault planted in them, so that a test can say which faults it sees.

Only what runs without Odoo can be planted so: the rules are loaded a second time, under
another name, with one text of one file replaced.
"""

import importlib
import importlib.util
import sys
import unittest
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from types import ModuleType

_ROOT = Path(__file__).parents[2]
_NUMBERS = count(1)


def is_seen(path, old, new, test):
    """Return whether a test fails once a fault is planted.

    :param path: of the file below the root, such as ``canonical/usage/rating.py``.
    :param old: a text that the file has once.
    :param new: what to have instead.
    :param test: the module below ``tests``, the class and the method.
    """
    module_name, class_name, method = test
    with _plant(path, old, new) as package:
        module = importlib.import_module(f"{package}.tests.{module_name}")
        result = unittest.TestResult()
        getattr(module, class_name)(method).run(result)
        return not result.wasSuccessful()


@contextmanager
def _plant(path, old, new):
    """Yield the name of a package like this addon, whose file has the fault."""
    source = (_ROOT / path).read_text()
    if source.count(old) != 1:
        raise ValueError(f"{path} has {source.count(old)} times: {old}")
    package = f"odoo.addons.saas_planted_{next(_NUMBERS)}"
    try:
        for name, folder in ((package, _ROOT), (f"{package}.tests", _ROOT / "tests")):
            # Neither its models nor the list of all tests are run.
            sys.modules[name] = ModuleType(name)
            sys.modules[name].__path__ = [str(folder)]
        name = ".".join((package, *Path(path).with_suffix("").parts))
        importlib.import_module(name.rpartition(".")[0])
        spec = importlib.util.spec_from_file_location(name, _ROOT / path)
        module = sys.modules[name] = importlib.util.module_from_spec(spec)
        exec(compile(source.replace(old, new), path, "exec"), module.__dict__)
        yield package
    finally:
        for name in [n for n in sys.modules if n.split(".")[:3] == package.split(".")]:
            del sys.modules[name]
