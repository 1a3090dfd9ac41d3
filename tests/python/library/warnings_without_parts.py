# What becomes of a warning when parts of the module warnings are missing.
import sys
import warnings

sys.stderr = sys.stdout


def warn(text):
    try:
        warnings.warn(text)
    except Exception as e:
        print(type(e).__name__, e)


warnings.filterwarnings('error', 'convert')
filters = warnings.filters
warn('convert to error')
del warnings.filters
warn('convert to error')
warnings.filters = []
warn('convert now to nothing')
del warnings.filters
warn('convert never')
warnings.filters = filters

show = warnings._showwarnmsg
del warnings._showwarnmsg
warn('plain')
warnings.warn_explicit('nowhere', UserWarning, '/nonexistent', 1)
warnings.warn_explicit('here', UserWarning, 'elsewhere.py', 3)
warnings.warn_explicit('with a source', UserWarning, 'elsewhere.py', 5, source=sys)


class Told(UserWarning):
    def __str__(self):
        return 'as told'


warnings.warn_explicit(Told('x'), None, 'elsewhere.py', 7)
warnings._showwarnmsg = 5
warn('not callable')
warnings._showwarnmsg = lambda message: print('shown', message.message, message.lineno)
warn('own')
maker = warnings.WarningMessage
del warnings.WarningMessage
try:
    warnings.warn('no message')
except (AttributeError, RuntimeError):
    print('no class for messages')
warnings.WarningMessage = maker
warnings._showwarnmsg = show
