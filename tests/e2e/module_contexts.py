"""What a whole module of tests shares: servers and labs that are entered once and left at the module's end. Importing it makes tests/lab importable.

    def setUpModule():
        global kea, server
        kea = entered(KeaLab(leases=12))
        server = entered(IpamdProcess())
"""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "lab"))
from lab_processes import LabError  # noqa: E402


def entered(context):
    """The value of the context, which is left after the last test of the module. Skips the module where a lab's programs are not installed."""
    try:
        value = context.__enter__()
    except LabError as error:
        if "not installed" in str(error):
            raise unittest.SkipTest(str(error)) from None
        raise
    unittest.addModuleCleanup(context.__exit__, None, None, None)
    return value
