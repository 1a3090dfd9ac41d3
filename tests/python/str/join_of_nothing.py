# join() of nothing, and of one item.
class S(str):
    pass


print(','.join([]), ''.join([]) == '', ','.join(['a']))
print(type(S('x').join([])), type(S().join([S('a')])))
print(','.join(()), repr(S('x').join(iter([]))), S('x').join(['a']))
