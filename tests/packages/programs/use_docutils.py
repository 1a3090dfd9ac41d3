# SPDX-License-Identifier: MIT
# needs: python3-docutils
"""Renders a document to HTML, to LaTeX and to the pseudo-XML of its tree."""
from docutils.core import publish_doctree, publish_parts, publish_string

DOCUMENT = """
==========
A document
==========
:Author: Nobody
:Version: 1.2

.. contents:: What is in it

Text
====

Some *emphasis*, **strong words**, ``literal``, a `link <https://example.org/a?b=c&d>`_, a footnote [#one]_, a citation [CIT]_,
|what| and :math:`a^2 + b^2`. See `Lists`_ and inline_.

.. |what| replace:: a *replacement*
.. _inline: https://example.com/

.. [#one] The footnote.
.. [CIT] The citation.

Lists
=====

1. one

   a. first
   b. second

2. two

* bullet

  - dash

    + plus

term : classifier
    Definition.

:field: value
-o, --option=ARG  what it does
-v                verbose

Tables and blocks
=================

+-----------+--------+
| head      | other  |
+===========+========+
| spans     | ``x``  |
| two lines +--------+
|           | y      |
+-----------+--------+

=====  =====  ======
A      B      A or B
=====  =====  ======
False  False  False
True   False  True
=====  =====  ======

.. list-table:: numbers
   :header-rows: 1

   * - n
     - square
   * - 2
     - 4

::

    literal block <&>

.. code:: python

    def f(x): return x + 1

.. note:: Take care.

   .. warning:: Nested.

.. image:: picture.png
   :alt: a picture
   :width: 50%

.. math::

   \\sum_{i=0}^n \\frac{i}{2} = \\sqrt{x}

>>> doctest()
42

    A quotation.

    -- Someone

| line one
|   line two

----

Broken `role, unknown :nosuch:`role` and |nothing|.
"""

settings = {"report_level": 5, "embed_stylesheet": False, "stylesheet_path": None, "halt_level": 5, "datestamp": None,
            "_disable_config": True, "generator": False, "source_link": False}
for writer in ("html", "html5", "latex"):
    print(publish_parts(DOCUMENT, writer_name=writer, settings_overrides=settings)["whole"])
print(publish_string(DOCUMENT, writer_name="pseudoxml", settings_overrides=dict(settings, output_encoding="unicode")))
tree = publish_doctree(DOCUMENT, settings_overrides=settings)
print(len(list(tree.findall())), tree.attributes["title"])
