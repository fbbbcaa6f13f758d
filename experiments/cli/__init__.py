"""The `thuis` command: sub-commands, help, completion, and the small commands that need no folder of their own."""
