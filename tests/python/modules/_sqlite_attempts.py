# SPDX-License-Identifier: MIT
"""What the programs about sqlite3 share."""
import re


def attempt(name, function, *args, **kwargs):
    """Prints what the call gives, or the exception with all that an sqlite3.Error tells."""
    try:
        result = repr(function(*args, **kwargs))
    except Exception as e:
        error = getattr(e, "sqlite_errorname", None), getattr(e, "sqlite_errorcode", None)
        print(name, "!", type(e).__name__, e, *(error if error[0] else ()))
    else:
        print(name, "=", re.sub(" at 0x[0-9a-f]+", "", result))
