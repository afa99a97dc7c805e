"""Holds the manual and the shells' completions against what the gateway itself says of its options.

Usage: test_command_line.py GATEWAY PACKAGING_FOLDER
"""

import pathlib
import re
import subprocess
import sys
import unittest

HELP = {"-h", "--help"}


class Program:
    """The commands and options of the binary, read from --help of each command."""

    def __init__(self, binary):
        self.binary = binary
        self.options = {}  # By command, such as "keys create"; "" is the program itself.
        self.commands = {}  # By command: those below it.
        self.read("")

    def read(self, command):
        text = subprocess.run([self.binary, *command.split(), "--help"],
                              check=True, capture_output=True, text=True).stdout
        names = re.findall(r"-\S+", " ".join(self.entries(text, "options")))
        self.options[command] = {name for entry in names for name in entry.split(",")}
        self.commands[command] = set(self.entries(text, "subcommands"))
        for name in self.commands[command]:
            self.read(f"{command} {name}".strip())

    @staticmethod
    def entries(text, section):
        """Returns the first word of each entry of a section; entries are indented by two."""
        found = re.search(rf"^{section}:\n((?:[ ].*\n)*)", text, re.MULTILINE | re.IGNORECASE)
        return re.findall(r"^  (\S+)", found.group(1), re.MULTILINE) if found else []

    def words(self, command):
        return self.options[command] | self.commands[command]


class CommandLineTest(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.program = Program(BINARY)
        cls.manual = (PACKAGING / "man/deltallm-gateway.1").read_text()

    def test_help_was_understood(self):
        self.assertEqual(self.program.options[""], HELP | {"--version"})
        self.assertIn("--config", self.program.options["serve"])
        self.assertIn("create", self.program.commands["keys"])

    def test_synopsis_of_the_manual_has_each_command_with_its_options(self):
        synopsis = self.manual.split(".Sh SYNOPSIS\n")[1].split(".Sh ")[0]
        found = {}
        for block in synopsis.split(".Nm\n")[1:]:
            command = "".join(re.findall(r"^\.Cm (.*)$", block, re.MULTILINE))
            flags = {"-" + name for name in re.findall(r"\bFl (\S+)", block)}
            found[command] = found.get(command, set()) | flags
        groups = {name for name, below in self.program.commands.items() if below and name}
        expected = {name: options if name == "" else options - HELP
                    for name, options in self.program.options.items() if name not in groups}
        self.assertEqual(found, expected)

    def test_manual_explains_each_option_and_each_command(self):
        items = re.findall(r"^\.It (.*)$", self.manual, re.MULTILINE)
        options = {"-" + name for item in items for name in re.findall(r"\bFl (\S+)", item)}
        self.assertEqual(options, set().union(*self.program.options.values()))
        commands = {item.removeprefix("Cm ") for item in items if item.startswith("Cm ")}
        self.assertEqual(commands, {name for name, below in self.program.commands.items()
                                    if name and not below})

    def test_bash_offers_what_there_is(self):
        script = ('source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); '
                  '_deltallm_gateway; printf "%s\\n" "${COMPREPLY[@]}"')
        file = PACKAGING / "completions/deltallm-gateway.bash"
        for command in self.program.options:
            for start in ("", "-"):
                line = ["deltallm-gateway", *command.split(), start]
                offered = subprocess.run(["bash", "-c", script, "bash", file, *line], cwd=PACKAGING / "man",
                                         check=True, capture_output=True, text=True).stdout.split()
                words = {word for word in self.program.words(command) if word.startswith(start)}
                if command == "check-config" and not start:
                    words |= {entry.name for entry in (PACKAGING / "man").iterdir()}
                with self.subTest(command=command, start=start):
                    self.assertEqual(set(offered), words)

    def test_zsh_offers_what_there_is(self):
        text = (PACKAGING / "completions/_deltallm-gateway").read_text()
        bodies = dict(re.findall(r"^_deltallm-gateway-?(\S*)\(\) \{\n(.*?)^\}", text,
                                 re.MULTILINE | re.DOTALL))
        commands_of_functions = {name.replace(" ", "-"): name for name in self.program.options}
        found = {}
        for name, body in bodies.items():
            pairs = re.findall(r"\{(-\w),(--[\w-]+)\}", body)
            long = re.findall(r"^ +'(?:\([^)]*\))?(--[\w-]+)\[", body, re.MULTILINE)
            commands = re.findall(r"^ +'([a-z][\w-]*):", body, re.MULTILINE)
            command = commands_of_functions.get(name, name)
            found[command] = set(sum(pairs, ())) | set(long) | set(commands)
        self.assertEqual(found, {name: self.program.words(name) for name in self.program.options})

    def test_fish_offers_what_there_is(self):
        text = (PACKAGING / "completions/deltallm-gateway.fish").read_text()
        found = {name: set() for name in self.program.options}
        for line in re.findall(r"^complete -c deltallm-gateway (.*)$", text, re.MULTILINE):
            place = re.search(r'-n "\$at ?([\w -]*)"', line)
            words = {"--" + name for name in re.findall(r"-l (\S+)", line)}
            words |= {"-" + name for name in re.findall(r"-s (\w)", line)}
            words |= set(re.findall(r"-a (\w[\w-]*)", line))
            for name in [place.group(1)] if place else found:
                found[name] |= words
        self.assertEqual(found, {name: self.program.words(name) for name in self.program.options})


if __name__ == "__main__":
    BINARY = sys.argv[1]
    PACKAGING = pathlib.Path(sys.argv[2]).resolve()
    unittest.main(argv=sys.argv[:1])
