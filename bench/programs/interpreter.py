# SPDX-License-Identifier: MIT
"""An interpreter for a small stack machine: one long dispatch on operation codes, lists, calls.

The machine counts the primes below `size` by trial division, and sums the digits of its inputs
with a subroutine, so that branches, memory and calls of the machine are all used.
"""

SIZE_QUICK = 4_000
SIZE_FULL = 17_000

(PUSH, LOAD, STORE, ADD, SUB, MUL, DIV, MOD, LESS, JUMP, JUMP_ZERO, CALL, RETURN, HALT) = range(14)

NAMES = {"push": PUSH, "load": LOAD, "store": STORE, "add": ADD, "sub": SUB, "mul": MUL,
         "div": DIV, "mod": MOD, "less": LESS, "jump": JUMP, "jumpzero": JUMP_ZERO, "call": CALL,
         "return": RETURN, "halt": HALT}

# Variables: 0 limit, 1 candidate, 2 divisor, 3 primes found, 4 digits' sum, 5 rest of a number.
PROGRAM = """
        push 2      store 1
next:   load 1      load 0      less        jumpzero end
        load 1      store 5     call digits
        push 2      store 2
try:    load 1      load 2      load 2      mul     less    jumpzero divide
        jump prime
divide: load 1      load 2      mod         jumpzero composite
        load 2      push 1      add         store 2
        jump try
prime:  load 3      push 1      add         store 3
composite:
        load 1      push 1      add         store 1
        jump next
digits: load 5      jumpzero back
        load 4      load 5      push 10     mod     add     store 4
        load 5      push 10     div         store 5
        jump digits
back:   return
end:    halt
"""


def assemble(source):
    words = source.split()
    labels = {}
    code = []
    for word in words:
        if word.endswith(":"):
            labels[word[:-1]] = len(code)
        elif word in NAMES and not (code and code[-1] == "?"):
            code.append(NAMES[word])
            code.append("?")
        elif code[-1] == "?":
            code[-1] = word
        if code and code[-1] == "?" and NAMES.get(word) in (ADD, SUB, MUL, DIV, MOD, LESS, RETURN,
                                                            HALT):
            code[-1] = "0"
    return [labels[item] if item in labels else int(item) for item in code]


def execute(code, memory):
    stack = []
    returns = []
    steps = 0
    place = 0
    while True:
        operation = code[place]
        operand = code[place + 1]
        place += 2
        steps += 1
        if operation == LOAD:
            stack.append(memory[operand])
        elif operation == PUSH:
            stack.append(operand)
        elif operation == STORE:
            memory[operand] = stack.pop()
        elif operation == JUMP_ZERO:
            if not stack.pop():
                place = operand
        elif operation == JUMP:
            place = operand
        elif operation == CALL:
            returns.append(place)
            place = operand
        elif operation == RETURN:
            place = returns.pop()
        elif operation == HALT:
            return steps
        else:
            right = stack.pop()
            left = stack.pop()
            if operation == ADD:
                stack.append(left + right)
            elif operation == SUB:
                stack.append(left - right)
            elif operation == MUL:
                stack.append(left * right)
            elif operation == DIV:
                stack.append(left // right)
            elif operation == MOD:
                stack.append(left % right)
            elif operation == LESS:
                stack.append(1 if left < right else 0)


def run(size):
    memory = [size, 0, 0, 0, 0, 0]
    steps = execute(assemble(PROGRAM), memory)
    return memory, steps


def check(size, result):
    memory, steps = result
    composite = set()
    for i in range(2, size):
        composite.update(range(2 * i, size, i))
    primes = max(0, size - 2) - len(composite)
    digits = sum(sum(map(int, str(i))) for i in range(2, size))
    if memory[0] != size or memory[5] != 0:
        raise ValueError("the machine spoiled its memory: %r" % (memory,))
    if memory[3] != primes or memory[4] != digits or memory[1] != max(size, 2):
        raise ValueError("%d primes and digits' sum %d, not %d and %d"
                         % (memory[3], memory[4], primes, digits))
    if steps < 20 * max(0, size - 2):
        raise ValueError("only %d steps" % steps)
