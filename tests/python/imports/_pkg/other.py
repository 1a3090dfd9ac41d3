from . import sub
from .sub import name
from .inner import deep
from . import level as pkg_level


def info():
    return sub.name, name, deep.up(), pkg_level
