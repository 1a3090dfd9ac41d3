print("init of", __name__, __package__)
from . import sub
from .sub import name as sub_name
level = "pkg"
