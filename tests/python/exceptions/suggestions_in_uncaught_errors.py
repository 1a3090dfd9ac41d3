class C:
    colour = 1
    width = 2


try:
    C().color
except AttributeError as e:
    print(e)
C().colur
