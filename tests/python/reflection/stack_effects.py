# dis.stack_effect() of every number, with and without arguments and jumps.
import dis

for op in list(range(257)) + [300, 30000]:
    effects = []
    for argument in (None, 0, 1, 2, 3, 4, 5, 8, 15, 255, 256, 1000):
        for jump in (None, False, True):
            try:
                effects.append(dis.stack_effect(op, argument, jump=jump))
            except ValueError as e:
                effects.append(str(e))
    print(op, *(effects if len(set(effects)) > 1 else effects[:1]))
for arguments in ((), ('x',), (100, 'x'), (1.5,)):
    try:
        print(dis.stack_effect(*arguments))
    except TypeError as e:
        print('TypeError')
try:
    dis.stack_effect(1, jump=5)
except ValueError as e:
    print(e)
