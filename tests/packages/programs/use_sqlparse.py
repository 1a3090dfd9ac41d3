# SPDX-License-Identifier: MIT
# needs: python3-sqlparse
"""Splits, formats and looks into SQL."""
import sqlparse
from sqlparse.sql import Identifier, IdentifierList, Where
from sqlparse.tokens import DML, Keyword

SQL = """select a.id, b.name as "The Name", count(*) c, case when x > 1 then 'it''s' else null end from table_a a left join (select * from t2 where id in (1,2,3) and y between 1 and 2) b
on a.id=b.id where a.created >= '2024-01-01' and not exists (select 1 from z) group by 1,2 having count(*) > 3 order by c desc limit 10; -- comment
INSERT INTO t (a,b) VALUES (1,'x;y'),(2,$1); /* multi
line */ create or replace function f() returns int as $$ begin return 1; end $$ language plpgsql; update t set a = a + 1 where b like '%x%';"""
for statement in sqlparse.split(SQL):
    print(repr(statement))
for options in ({"reindent": True, "keyword_case": "upper"}, {"reindent_aligned": True, "identifier_case": "upper"}, {"strip_comments": True, "use_space_around_operators": True, "wrap_after": 40, "reindent": True},
                {"output_format": "python", "truncate_strings": 5}, {"comma_first": True, "reindent": True, "indent_width": 4}, {"strip_whitespace": True}):
    print(sqlparse.format(SQL, **options))
for statement in sqlparse.parse(SQL):
    print(statement.get_type(), [(type(t).__name__, str(t.ttype), str(t)[:30]) for t in statement.tokens if not t.is_whitespace])
first = sqlparse.parse(SQL)[0]
first._pprint_tree()
print([str(i.get_alias()) for t in first.tokens if isinstance(t, IdentifierList) for i in t.get_identifiers() if isinstance(i, Identifier)], [t for t in first.tokens if isinstance(t, Where)][0].tokens[2])
print([str(t) for t in first.flatten() if t.ttype in (Keyword, DML)], len(sqlparse.parse(SQL * 8)))
