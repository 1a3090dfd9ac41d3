# SPDX-License-Identifier: MIT
# needs: python3-packaging
"""Versions, specifiers, requirements and markers."""
from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement, Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name, canonicalize_version, parse_sdist_filename, parse_wheel_filename
from packaging.version import InvalidVersion, Version, parse

texts = ["1.0", "1.0.dev1", "1.0a1", "1.0rc2", "1.0.post1", "1!0.5", "2.10", "2.9", "1.0+local.1", "v1.2-3", "1.0c1", "1.0.0"]
print([str(v) for v in sorted(map(Version, texts))], [(v.epoch, v.release, v.pre, v.post, v.dev, v.local, v.public) for v in map(Version, texts)])
for bad in ("french toast", "1..2", ""):
    try:
        print(Version(bad))
    except InvalidVersion as error:
        print(error)
for spec in (">=1.0,<2", "~=1.4.2", "==1.*", "!=1.0", "===1.0", ">1.0,!=1.5.*", ""):
    chosen = SpecifierSet(spec)
    print(str(chosen), list(chosen.filter(["0.9", "1.0", "1.0a1", "1.4.5", "1.5.1", "2.0", "1.4.1", "1.9rc1"])), "1.5" in chosen, chosen.contains("1.9rc1", prereleases=True))
for text in ('requests[security,tests]>=2.8.1,==2.8.*; python_version < "2.7"', "name @ https://example.org/x.zip", "a", "b>1;extra=='x'", "c[", "d>=", "e; what == 1"):
    try:
        found = Requirement(text)
        print(str(found), found.name, sorted(found.extras), str(found.specifier), found.url, found.marker)
    except InvalidRequirement as error:
        print(repr(text), error)
for text in ("python_version >= '3' and (os_name == 'posix' or sys_platform == 'win32')", "implementation_name == 'x'", "'linux' in sys_platform", "python_version ~= '3.11'", "bogus == 1"):
    try:
        print(Marker(text), Marker(text).evaluate({"os_name": "posix", "implementation_name": "cpython"}))
    except InvalidMarker as error:
        print(error)
print(canonicalize_name("Friendly-._Bard"), canonicalize_version("1.4.0.0"), parse_wheel_filename("pip-22.0-1abc-py3-none-any.whl")[:3], parse_sdist_filename("a-b-1.0.tar.gz"))
versions = [f"{a}.{b}.{c}" for a in range(12) for b in range(10) for c in range(10)]
print(str(max(map(parse, reversed(versions)))), len(list(SpecifierSet(">=3.2,<9.7,!=5.*").filter(versions))))
