# A folder with more entries than are read at one time, and names that are no text.
import os
import shutil
import tempfile

folder = tempfile.mkdtemp()
try:
    names = {'%s-%d' % ('x' * (i % 90), i) for i in range(600)} | {'.hidden', '...', '..x', 'é', b'\xff\xfe'.decode('utf-8', 'surrogateescape')}
    for name in names:
        open(os.path.join(folder, name), 'w').close()
    found = os.listdir(folder)
    print(len(found), set(found) == names)
    print(set(os.listdir(os.fsencode(folder))) == {os.fsencode(name) for name in names})
    with os.scandir(folder) as entries:
        print({entry.name for entry in entries} == names)
    fd = os.open(folder, os.O_RDONLY)
    for _ in range(2):
        print(set(os.listdir(fd)) == names)
    os.close(fd)
    for name in list(names)[:300]:
        os.remove(os.path.join(folder, name))
    print(len(os.listdir(folder)))
    os.mkdir(os.path.join(folder, 'empty'))
    print(os.listdir(os.path.join(folder, 'empty')))
finally:
    shutil.rmtree(folder)
for bad in folder, __file__:
    try:
        os.listdir(bad)
    except OSError as error:
        print(type(error).__name__, error.errno)
