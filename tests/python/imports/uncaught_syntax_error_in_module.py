# compare: carets
import _broken_syntax
