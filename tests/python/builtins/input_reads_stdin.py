print(repr(input("prompt: ")))
print(repr(input()))
print(repr(input(5)))
import sys
print(repr(sys.stdin.readline()))
print(repr(sys.stdin.read()))
try:
    input("> ")
except EOFError as e:
    print(type(e).__name__, e)
