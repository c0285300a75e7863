#!/usr/bin/env bash
# Checks the synthesized templates with AWS's own linter: every error and warning fails, but those named below.
set -euo pipefail
cd "$(dirname "$0")/../.."
PATH="$PWD/node_modules/.bin:$PATH" # the locked Node, whatever the machine has

venv=.runway/cfn-lint
requirements=test/conformance/requirements.txt
if ! cmp --silent "$requirements" "$venv/requirements.txt"; then
  python3 -m venv --clear "$venv"
  "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement "$requirements"
  cp "$requirements" "$venv/requirements.txt"
fi

assembly=$(mktemp -d)
trap 'rm -rf "$assembly"' EXIT
node infra/app.ts --outdir "$assembly"
templates=("$assembly"/*.template.json)

# Why a rule is left out:
ignored=(
  W3005 # CDK writes the DependsOn beside the reference; both say the same
  W6001 # TokenIssuer repeats an output of the state stack, because a stage with its own issuer has it here only
)

"$venv/bin/cfn-lint" --version
"$venv/bin/cfn-lint" --regions us-east-1 --non-zero-exit-code warning ${ignored[@]+--ignore-checks "${ignored[@]}"} -- "${templates[@]}"
echo "${#templates[@]} templates without errors or warnings"
