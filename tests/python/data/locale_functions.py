# _locale: categories, conventions, comparing, texts of the locale, errors.
import locale
import _locale


def t(f, *a):
    try:
        print(repr(f(*a)))
    except BaseException as e:
        print(type(e).__name__, e)


print(sorted(n for n in dir(_locale) if n[:3] == "LC_" or n.islower() and n[0] != "_"), locale.Error, locale.Error.__mro__)
for name in None, "C", "C.UTF-8", "nope", "x\0y", 5, "":
    t(_locale.setlocale, locale.LC_ALL if name != "" else locale.LC_CTYPE, name)
t(_locale.setlocale), t(_locale.setlocale, 99), t(_locale.setlocale, "x"), t(_locale.setlocale, locale.LC_NUMERIC)
_locale.setlocale(locale.LC_ALL, "C")
print(sorted(_locale.localeconv().items()), locale.localeconv() == _locale.localeconv())
for a, b in ("a", "b"), ("b", "a"), ("a", "a"), ("\u00e9", "f"), ("x\0", "y"), ("a", 1), (1, "a"):
    t(lambda: (_locale.strcoll(a, b) > 0) - (_locale.strcoll(a, b) < 0)), t(_locale.strxfrm, a)
for item in "DAY_1", "MON_12", "ABDAY_3", "RADIXCHAR", "THOUSEP", "CODESET", "D_FMT", "T_FMT", "AM_STR", "YESEXPR", "ERA", "CRNCYSTR":
    t(_locale.nl_langinfo, getattr(_locale, item))
t(_locale.nl_langinfo, -1), t(_locale.nl_langinfo, "x")
t(_locale.gettext, "hello"), t(_locale.dgettext, None, "hello"), t(_locale.dcgettext, "d", "hello", locale.LC_MESSAGES)
t(_locale.bindtextdomain, "", "/"), t(_locale.bindtextdomain, "locksmith", "/nowhere"), t(_locale.bindtextdomain, "locksmith", None)
t(locale.format_string, "%.2f", 1234.5, True), t(locale.atof, "1.5"), t(locale.getlocale), t(locale.str, 2.5)
_locale.setlocale(locale.LC_ALL, "C.UTF-8")
t(_locale.getencoding), t(locale.getpreferredencoding, False), t(_locale.nl_langinfo, _locale.CODESET)
print(sorted(["b", "a", "\u00e9", "B"], key=locale.strxfrm) == sorted(["b", "a", "\u00e9", "B"], key=__import__("functools").cmp_to_key(locale.strcoll)))
