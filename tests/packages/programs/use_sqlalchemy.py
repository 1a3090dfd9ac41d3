# SPDX-License-Identifier: MIT
# needs: python3-sqlalchemy
"""Mapped classes and statements written out for several data bases."""
import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.dialects import mysql, postgresql, sqlite

Base = orm.declarative_base()


class Author(Base):
    __tablename__ = "author"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(30), nullable=False, index=True)
    born = sa.Column(sa.Date, server_default=sa.func.current_date())
    books = orm.relationship("Book", back_populates="author", cascade="all, delete-orphan", order_by="Book.title")
    __table_args__ = (sa.CheckConstraint("length(name) > 1", name="long"), sa.UniqueConstraint("name", "born"))

    @orm.validates("name")
    def check(self, key, value):
        if not value:
            raise ValueError(key)
        return value.title()


class Book(Base):
    __tablename__ = "book"
    id = sa.Column(sa.Integer, primary_key=True)
    title = sa.Column(sa.Text)
    price = sa.Column(sa.Numeric(10, 2))
    kind = sa.Column(sa.Enum("novel", "poem", name="kind"))
    author_id = sa.Column(sa.ForeignKey("author.id", ondelete="CASCADE"))
    author = orm.relationship(Author, back_populates="books")
    double = orm.column_property(price * 2)


other = orm.aliased(Author, name="other")
ranked = sa.select(
    Book.author_id, sa.func.rank().over(partition_by=Book.kind, order_by=Book.price.desc()).label("place")
).cte("ranked")
statements = [
    sa.select(Author.name, sa.func.count(Book.id).label("n"))
    .outerjoin(Author.books)
    .where(Author.name.like("a%"), Book.price.between(1, 9) | Book.kind.is_(None))
    .group_by(Author.name)
    .having(sa.func.count(Book.id) > 3)
    .order_by(sa.desc("n"))
    .limit(5)
    .offset(2),
    sa.select(Author)
    .join(other, Author.id != other.id)
    .where(sa.exists().where(Book.author_id == other.id), Author.id.in_([1, 2, 3])),
    sa.select(ranked.c.place).union_all(sa.select(sa.literal(0))),
    sa.insert(Book).values(title="x", price=3),
    sa.update(Author)
    .where(Author.books.any(Book.kind == "poem"))
    .values(name=sa.case((Author.id < 3, "low"), else_=Author.name + "!")),
    sa.delete(Book).where(sa.not_(Book.title.in_(sa.select(Author.name)))),
]
for dialect in (sqlite, postgresql, mysql):
    print("----", dialect.dialect.name)
    for table in Base.metadata.sorted_tables:
        print(sa.schema.CreateTable(table).compile(dialect=dialect.dialect()))
    for statement in statements:
        compiled = statement.compile(dialect=dialect.dialect())
        print(compiled, dict(compiled.params))
author = Author(name="ada l", books=[Book(title="b"), Book(title="a")])
print(
    author.name, author.books[0].author is author, sa.inspect(author).transient, sorted(sa.inspect(Author).attrs.keys())
)
try:
    Author(name="")
except ValueError as error:
    print("refused", error)
try:
    sa.select(Author).join(sa.table("nowhere")).compile()
except sa.exc.SQLAlchemyError as error:
    print(type(error).__name__, str(error)[:60])
print(
    orm.configure_mappers(),
    sa.engine.make_url("postgresql://u:p@h:5/d?x=1"),
    sa.text("a = :b").bindparams(b=3).compile().params,
)
