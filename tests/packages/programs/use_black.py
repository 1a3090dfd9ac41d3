# SPDX-License-Identifier: MIT
# needs: black
"""Formats a text and some of the library."""
import os

import black

UGLY = '''
import   os , sys
def f ( a,b = {'x':1,'y':[1,2,3]} ,*args , key = None, ** kwargs )  -> "int" :
  if a :  return  b [ 1: ]
  elif not(a)and b or key is not None and kwargs.get( 'a_very_long_key_name' ) == 'another long value' and len(args)>= 10 :
      x = lambda  y : y**2+ 1 if y else - 1
      del ( a ) ; print ( 'single' "double" """triple""" )
  return call(argument_number_one, argument_number_two)(argument_number_three)[index].attribute.method(another_argument)
class  C ( object , ) :


    x : int=3
    @property

    def y(self): return (yield)
    # comment
for( i,j ) in  zip( [1,2,] , "ab" ) :
    with open( 'a' ) as f , open( 'b' ) as g : pass
match  x :
    case { "a" : [ 1 , * rest ] } if rest : pass
async def g():
    async with a as b: return await  c
print(* [ i  for i in range(10) if i  %  2 ], 0XFF, 1E5, 10L if False else 0o17) if True else None
'''.replace("10L", "10")
print(black.format_str(UGLY, mode=black.Mode()))
print(black.format_str(UGLY, mode=black.Mode(line_length=60, string_normalization=False, magic_trailing_comma=False)))
folder = os.path.dirname(os.__file__)
for name in ("bisect.py", "colorsys.py", "heapq.py"):
    with open(os.path.join(folder, name), encoding="utf-8") as stream:
        source = stream.read()
    formatted = black.format_str(source, mode=black.Mode())
    print(name, len(formatted), formatted[-300:])
    if name == "bisect.py":
        black.assert_equivalent(source, formatted)
        black.assert_stable(source, formatted, black.Mode())
        print(black.diff(source, formatted, "before", "after"))
for text in ("def f(:\n", "x = = 1\n", "print 'a'\n", "  indented\n"):
    try:
        black.format_str(text, mode=black.Mode())
    except black.InvalidInput as error:
        print(error)
