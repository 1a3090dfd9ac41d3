# SPDX-License-Identifier: MIT
"""Functions and types of builtins and of many modules, with arguments of every kind and number.

A round takes one module and calls some of its functions and types with up to five arguments, mostly wrong ones. Each line
shows the call and what it gave or raised, and if that is an iterator what it gives.

Not called: hash, which tells addresses, what tells the time, counts weak references or depends on who holds its argument (marshal and pickle write
marks of that).
"""
import importlib
import random
import sys
import warnings

from _arguments import call, draw_arguments
from _drawing import Draw, run

ROUNDS = 300

# Names of callables by module; a star stands for all public ones.
MODULES = {
    "builtins": "abs all any ascii bin bool bytearray bytes callable chr classmethod complex delattr dict divmod enumerate "
    "filter float format frozenset getattr hasattr hex int isinstance issubclass len list map max memoryview min "
    "next object oct ord pow property range repr reversed round set setattr slice sorted staticmethod str sum super tuple "
    "type zip anext aiter __build_class__ __import__ print "
    "BaseException Exception OSError StopIteration SystemExit UnicodeDecodeError UnicodeEncodeError SyntaxError "
    "UnicodeTranslateError ImportError KeyError AttributeError NameError ExceptionGroup BaseExceptionGroup "
    "BlockingIOError StopAsyncIteration",
    "math": "*",
    "cmath": "*",
    "operator": "*",
    "itertools": "*",
    "functools": "reduce partial lru_cache cmp_to_key cached_property singledispatch total_ordering wraps partialmethod",
    "collections": "deque OrderedDict defaultdict Counter ChainMap namedtuple UserDict UserList UserString",
    "struct": "pack unpack calcsize unpack_from iter_unpack Struct pack_into",
    "binascii": "*",
    "zlib": "adler32 crc32 compress decompress compressobj decompressobj",
    "bisect": "bisect bisect_left bisect_right insort insort_left",
    "heapq": "heappush heappop heapify heappushpop heapreplace nlargest nsmallest merge",
    "unicodedata": "*",
    "codecs": "encode decode lookup lookup_error escape_encode escape_decode ascii_encode ascii_decode latin_1_decode "
    "utf_8_encode utf_8_decode utf_16_encode utf_16_decode utf_7_decode utf_32_decode",
    "time": "mktime strftime strptime",
    "hashlib": "md5 sha256 new blake2b pbkdf2_hmac sha3_256",
    "json": "dumps loads",
    "_json": "encode_basestring encode_basestring_ascii scanstring make_scanner",
    "random": "Random",
    "socket": "inet_aton inet_ntoa inet_pton inet_ntop htons htonl ntohs ntohl CMSG_LEN",
    "signal": "Signals strsignal",
    "marshal": "loads",
    "pickle": "loads",
    "gc": "is_finalized",
    "datetime": "date datetime time timedelta timezone",
    "_csv": "reader writer get_dialect list_dialects Dialect",
    "types": "MethodType SimpleNamespace MappingProxyType CellType GenericAlias ModuleType new_class NoneType coroutine "
    "prepare_class resolve_bases DynamicClassAttribute",
    "weakref": "WeakValueDictionary WeakKeyDictionary WeakSet WeakMethod",
    "io": "StringIO BytesIO TextIOWrapper BufferedReader BufferedWriter BufferedRandom BufferedRWPair "
    "IncrementalNewlineDecoder text_encoding",
    "re": "compile escape match fullmatch search sub subn split findall finditer",
    "array": "array",
    "_thread": "allocate_lock RLock",
    "threading": "Event Semaphore Barrier",
    "contextvars": "ContextVar Context",
    "os": "fspath fsencode fsdecode strerror WEXITSTATUS sysconf",
    "posixpath": "join split normpath basename commonpath splitext relpath isabs",
    "ast": "literal_eval Name Constant",
    "enum": "Enum Flag",
    "uuid": "UUID",
    "inspect": "signature isfunction unwrap isawaitable getmro cleandoc",
    "textwrap": "dedent indent",
    "shlex": "split quote join",
    "urllib.parse": "quote unquote urlsplit urljoin parse_qs urlencode",
    "statistics": "mean median mode stdev",
    "string": "Template capwords Formatter",
    "fractions": "Fraction",
    "ipaddress": "ip_address ip_network",
    "base64": "b64encode b64decode b32encode b85encode a85decode",
}
NOT_CALLED = {
    "math.factorial": "would take all day",
    "math.perm": "the same",
    "math.comb": "the same",
    "operator.pow": "the same",
    "operator.ipow": "the same",
    "operator.lshift": "the same",
    "operator.ilshift": "the same",
    "operator.mul": "would take all memory",
    "operator.imul": "the same",
    "cmath.sin": "the sign of a zero beside a nan",
    "unicodedata.UCD": "has no constructor",
    "unicodedata.lookup": "takes any bytes-like object",
}
# Where several arguments are wrong, these check them in another order. bisect takes a dict here.
ONE_ARGUMENT = {"codecs", "binascii", "zlib", "bisect", "_csv", "hashlib", "_json"}
# A large number would ask for all memory, or for a day.
LARGE = (
    "bytes bytearray pow isqrt round sum repeat pbkdf2_hmac product namedtuple format __import__ indent concat iconcat "
    "BufferedReader BufferedWriter BufferedRandom BufferedRWPair permutations combinations calcsize Struct unpack pack "
    "combinations_with_replacement"
).split()
MODULE_NAMES = list(MODULES)


def names_of(module):
    names = MODULES[module.__name__]
    if names == "*":
        found = [name for name in dir(module) if name[0] != "_" and callable(getattr(module, name))]
        return [name for name in sorted(found) if f"{module.__name__}.{name}" not in NOT_CALLED]
    return names.split()


def play_round(draw: Draw):
    module = importlib.import_module(draw.pick(MODULE_NAMES))
    names = names_of(module)
    for _ in range(16):
        name = draw.pick(names)
        most = 1 if module.__name__ in ONE_ARGUMENT else 5
        arguments = draw_arguments(draw, most, large=name not in LARGE)
        call(f"{module.__name__}.{name}", getattr(module, name), arguments)


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    sys.set_int_max_str_digits(0)
    random.seed(1)
    run(play_round, ROUNDS)
