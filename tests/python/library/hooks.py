# sys.excepthook and its like are what sys.__excepthook__ and its like keep; code.interact() asks whether they still are.
import code
import io
import sys

for name in ("displayhook", "excepthook", "unraisablehook", "breakpointhook"):
    print(name, getattr(sys, name) is getattr(sys, f"__{name}__"), getattr(sys, f"__{name}__").__name__)
saved, sys.stderr = sys.stderr, io.StringIO()
console = code.InteractiveConsole()
console.push("def f(): return missing")
console.push("")
console.push("f()")
text, sys.stderr = sys.stderr.getvalue(), saved
print(text)
