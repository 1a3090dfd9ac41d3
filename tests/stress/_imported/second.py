# SPDX-License-Identifier: MIT
from . import first
from .first import total
doubled = total * 2
complete = True
