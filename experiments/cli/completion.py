"""Shell completion: a script for bash, zsh or fish with every command, option, region, policy and parameter."""

from collections.abc import Callable
from dataclasses import fields

from experiments.cli.commands import COMMANDS


def run_words() -> list[str]:
    """Words that can follow `thuis run`, most wanted first; those ending in = want a value of one's own."""
    from experiments.options.settings import Options, known_keys, names_in
    from scenarios.regions.names import municipality_keys

    words = [f"region={name}" for name in dict.fromkeys([*names_in("conf.region"), *municipality_keys()])]
    words += [f"policy={name}" for name in names_in("conf.policy")]
    for f in fields(Options):
        choices = f.metadata.get("choices") or (("true", "false") if f.metadata["kind"] == "flag" else ())
        words += [f"{f.name}={choice}" for choice in choices] or [f"{f.name}="]
    taken = {word.split("=")[0] for word in words}
    return words + [f"{key}=" for key in known_keys() if key not in taken] + ["--help", "-m", "--cfg"]


BASH = """\
# Completion of thuis for bash: eval "$(thuis --completion bash)", for instance in ~/.bashrc
_thuis() {{
    local line=${{COMP_LINE:0:COMP_POINT}} word
    word=${{line##* }}
    local words="{commands}"
    if [[ $line == *\\ *\\ * ]]; then
        case "${{COMP_WORDS[1]}}" in run) words="{run}" ;; *) words="--help" ;; esac
    fi
    if [[ $word == *=* && " $words " != *" $word"[^\\ ]* ]]; then
        COMPREPLY=($(compgen -f -- "${{word#*=}}"))
        return
    fi
    COMPREPLY=($(compgen -W "$words" -- "$word"))
    # The shell takes = for a break between words: what stands before it is already written.
    [[ $word == *=* && $COMP_WORDBREAKS == *=* ]] && COMPREPLY=("${{COMPREPLY[@]#"${{word%=*}}="}}")
    [[ ${{#COMPREPLY[@]}} == 1 && ${{COMPREPLY[0]}} == *= ]] && compopt -o nospace
}}
complete -F _thuis thuis"""

ZSH = """\
#compdef thuis
# Completion of thuis for zsh: eval "$(thuis --completion zsh)", for instance in ~/.zshrc after compinit
_thuis() {{
    if (( CURRENT == 2 )); then
        compadd -- {commands}
    elif [[ $words[2] == run ]]; then
        local -a all with_value
        all=({run})
        with_value=(${{(M)all:#*=}})
        if [[ $PREFIX == *= || $PREFIX == *=*/* ]] && (( ${{with_value[(Ie)${{PREFIX%%=*}}=]}} )); then
            compset -P '*='
            _files
        else
            compadd -- ${{all:#*=}}
            compadd -S '' -- $with_value
        fi
    else
        compadd -- --help
    fi
}}
compdef _thuis thuis"""

FISH = """\
# Completion of thuis for fish: thuis --completion fish | source, for instance in ~/.config/fish/config.fish
complete -c thuis -f
{commands}
complete -c thuis -n '__fish_seen_subcommand_from run' -a '{run}'"""


def completion(shell: str) -> str:
    """The script for a shell.

    Raises
    ------
    InputError
        Another shell than bash, zsh or fish.
    """
    makers: dict[str, Callable[[], str]] = {
        "bash": lambda: BASH.format(commands=" ".join([*COMMANDS, "--help"]), run=" ".join(run_words())),
        "zsh": lambda: ZSH.format(commands=" ".join([*COMMANDS, "--help"]), run=" ".join(run_words())),
        "fish": lambda: FISH.format(commands="\n".join(map(fish_line, COMMANDS)), run=" ".join(run_words())),
    }
    if shell not in makers:
        from scenarios.errors import InputError

        raise InputError(f"--completion {shell or 'SHELL'}: allowed is bash, zsh or fish")
    return makers[shell]()


def fish_line(name: str) -> str:
    """One command with its explanation."""
    return f"complete -c thuis -n __fish_use_subcommand -a {name} -d '{COMMANDS[name][1]}'"
