# SPDX-License-Identifier: MIT
# needs: python3-click
"""A command-line program with groups, options, prompts and errors, called as its user would."""
import click
from click.testing import CliRunner


@click.group(chain=False, context_settings={"auto_envvar_prefix": "TOOL"})
@click.option("--verbose", "-v", count=True, help="Say more.")
@click.option("--config", type=click.File("r"), help="A file.")
@click.version_option("1.2.3", prog_name="tool")
@click.pass_context
def tool(context, verbose, config):
    """A tool that does things.

    \b
    Lines kept
    as they are.
    """
    context.obj = {"verbose": verbose, "config": config.read() if config else None}


@tool.command(epilog="The end.")
@click.argument("names", nargs=-1, required=True, metavar="NAME...")
@click.option("--count", default=1, show_default=True, type=click.IntRange(1, 5), help="How often.")
@click.option("--shout/--no-shout", default=False)
@click.option("--colour", type=click.Choice(["red", "green"], case_sensitive=False), envvar="COLOUR")
@click.option("--pair", nargs=2, type=(str, int), multiple=True)
@click.pass_obj
def greet(obj, names, count, shout, colour, pair):
    """Greets NAMES."""
    for name in names * count:
        click.secho(name.upper() if shout else name, fg=colour)
    click.echo(f"{obj} {pair}")


@tool.command()
@click.option("--password", prompt=True, hide_input=True, confirmation_prompt=True)
@click.option("--age", prompt="Your age", type=int)
@click.confirmation_option(prompt="Sure?")
def login(password, age):
    click.echo(f"{len(password)} {age}")
    with click.progressbar(range(3), label="working") as bar:
        for _ in bar:
            pass
    raise click.ClickException("nothing works")


@tool.command("list")
@click.argument("path", type=click.Path(exists=True))
@click.option("--when", type=click.DateTime(), default="2024-05-06")
def list_(path, when):
    click.echo(f"{click.format_filename(path)} {when:%d.%m.%Y}")


runner = CliRunner()
with runner.isolated_filesystem():
    with open("file.txt", "w") as stream:
        stream.write("content")
    for line in ("", "--help", "--version", "greet --help", "greet", "greet Ann Bob --count 2 --shout", "-vv --config file.txt greet X",
                 "greet X --colour RED", "greet X --count 9", "greet X --cuont 1", "greet --pair a 1 --pair b 2 X", "greet --pair a b X", "grete",
                 "list file.txt", "list none.txt", "list file.txt --when today", "--config missing greet X", "list"):
        result = runner.invoke(tool, line.split())
        print("$ tool", line, "->", result.exit_code, result.exception and type(result.exception).__name__)
        print(result.output)
    for text in ("secret\nsecret\n33\ny\n", "a\nb\nc\nc\nold\n3\nn\n"):
        result = runner.invoke(tool, ["login"], input=text)
        print(result.exit_code, result.output)
    result = runner.invoke(tool, ["greet", "Y"], env={"TOOL_GREET_COUNT": "3", "COLOUR": "green"}, color=True)
    print(repr(result.output))
print(click.style("bold", bold=True, fg="red", reset=False), click.unstyle("\x1b[31mred\x1b[0m"), click.get_app_dir("x").endswith("x"))
print(click.wrap_text("a text that is long enough to be wrapped " * 3, width=40, initial_indent="* ", subsequent_indent="  "))
