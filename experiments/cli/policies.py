"""`thuis policies`: the packages of measures that come with Thuis, in plain words."""

from collections.abc import Sequence

from experiments.cli.lists import entry, nothing_like, read_search
from experiments.options.words import asks_for_help
from scenarios.policy import Policy, load_policy, package_names, policy_in_words

HELP = """\
List the policies that come with Thuis, for policy=NAME and policies=[NAME,NAME].

  thuis policies [TEXT ...] [language=nl]     all of them, or those in which a text stands
  thuis policies FILE.yaml                    a policy of your own, read as thuis run reads it

A policy of your own is a small YAML file; docs/policies.md says how."""


def main(argv: Sequence[str]) -> int:
    """Run `thuis policies` with these words."""
    if asks_for_help(argv):
        print(HELP)
        return 0
    files = [word for word in argv if word.endswith((".yaml", ".yml"))]
    language, text = read_search([word for word in argv if word not in files])
    found = [load_policy(name) for name in files or package_names()]
    shown = [said for said in (describe_policy(policy, language) for policy in found) if text in said.lower()]
    if not shown:
        raise nothing_like(text, "policy", "policies")
    print("\n\n".join(shown))
    return 0


def describe_policy(policy: Policy, language: str) -> str:
    """A policy in words: name, title, what it is, and a line per lever it sets."""
    title, text = policy.title[language], policy.text[language]
    return entry(f"{policy.name}: {title}", [*([text] if text else []), *policy_in_words(policy, language)])
