# What `readline` does without a terminal, as far as GNU's library and libedit are the same.
import os
import readline
import tempfile


def attempt(function, *args):
    try:
        print(function.__name__, repr(function(*args)))
    except Exception as e:
        print(function.__name__, type(e).__name__, e, getattr(e, "filename", None))


def history():
    return [readline.get_history_item(i) for i in range(readline.get_current_history_length() + 2)]


# No line yet
for index in (0, -1, 5, "a", 2**40):
    attempt(readline.get_history_item, index)
for position in (-1, 0, 5, "x", 2**40):
    attempt(readline.remove_history_item, position)
    attempt(readline.replace_history_item, position, "x")
attempt(readline.replace_history_item, 0, 4)
for function in (readline.add_history, readline.insert_text, readline.parse_and_bind, readline.set_completer_delims):
    attempt(function, 4)
    attempt(function, b"x")
    attempt(function, "a\0b")
    attempt(function)
for function in (readline.clear_history, readline.get_begidx, readline.redisplay):
    attempt(function, 3)

# The list of lines
for text in ("one", "two words", "", "two words", "zwölf", "a\udc80b"):
    attempt(readline.add_history, text)
print(ascii(history()))
readline.remove_history_item(1)
readline.replace_history_item(0, "eins")
readline.replace_history_item(2, "zwei")
print(ascii(history()))
readline.remove_history_item(0)
readline.add_history("last")
readline.replace_history_item(4, "really last")
print(ascii(history()))
for i in range(1000):
    readline.add_history(f"line {i}")
while readline.get_current_history_length() > 3:
    readline.remove_history_item(1)
print(ascii(history()))
readline.clear_history()
print(history())

# Files
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, "history")
    for text in ("a b", "#comment", "é", r"back\040slash"):
        readline.add_history(text)

    def show():
        with open(path, "rb") as file:
            print(file.read())

    for function in (readline.read_history_file, readline.write_history_file):
        for wrong in (os.path.join(folder, "no", "file"), b"/nonexistent/x", 5, "a\0b"):
            attempt(function, wrong)
        try:
            function(filename=path)
        except TypeError as e:
            print(e)
    attempt(readline.append_history_file, 1, path)
    attempt(readline.append_history_file, "1", path)
    attempt(readline.append_history_file)
    attempt(readline.read_init_file, os.path.join(folder, "none"))
    attempt(readline.read_init_file, 3)
    print(readline.get_history_length())
    readline.write_history_file(path)
    print(oct(os.stat(path).st_mode))
    show()
    readline.append_history_file(2, path)
    readline.append_history_file(0, path)
    readline.append_history_file(-3, path)
    show()
    readline.append_history_file(100, os.fsencode(path))
    show()
    readline.read_history_file(path)
    print(readline.get_current_history_length())
    for length in (3, 100, 1, 0):
        readline.set_history_length(length)
        print(readline.get_history_length())
        readline.write_history_file(path)
        show()
    for wrong in ("a", 2**40, -7):
        attempt(readline.set_history_length, wrong)
    readline.clear_history()
    with open(path, "wb") as file:
        file.write(b"one\n\n two\r\nthree\xff\n")
    readline.read_history_file(path)
    print(ascii(history()))

# What is called back
for name in ("set_completer", "set_startup_hook", "set_pre_input_hook", "set_completion_display_matches_hook"):
    setter = getattr(readline, name)
    for argument in (5, "x", None, print):
        attempt(setter, argument)
    attempt(setter)
    attempt(setter, 1, 2)
print(readline.get_completer())
readline.set_completer(history)
print(readline.get_completer() is history)
readline.set_completer()
print(readline.get_completer())

# Settings
print(ascii(readline.get_completer_delims()))
for text in ("ab c", "", "é\udc80"):
    readline.set_completer_delims(text)
    print(ascii(readline.get_completer_delims()))
print(readline.get_begidx(), readline.get_endidx(), readline.get_completion_type(), repr(readline.get_line_buffer()))
for value in ("x", None, [], 1):
    attempt(readline.set_auto_history, value)
print(readline.__doc__ is not None, type(readline._READLINE_VERSION), type(readline._READLINE_LIBRARY_VERSION))
