from .. import sub
from ..sub import name


def up():
    return sub.name + "/" + name + "/" + __name__
