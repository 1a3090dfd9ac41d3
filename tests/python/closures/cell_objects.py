def f():
    if 0:
        v = 1

    def g():
        return v
    return g


c = f().__closure__[0]
try:
    c.cell_contents
except ValueError as e:
    print(e)
c.cell_contents = 5
print(c.cell_contents)
del c.cell_contents
try:
    c.cell_contents
except ValueError as e:
    print(e)
import types
cell = types.CellType(3)
print(cell.cell_contents, cell == types.CellType(3), cell < types.CellType(4))
print(type(cell).__name__, types.CellType() == types.CellType())
