"""The command line: one module for each room of commands; :mod:`bri_kg.commands.cli` puts them together."""
